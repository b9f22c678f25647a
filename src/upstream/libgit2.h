/*
 * libgit2.h - libgit2, loaded when an upstream is first opened: the start of its fourteen
 * libraries costs more than a small render, which needs none of them. Every function is
 * called through a pointer of `git2`; the macros at the end keep the calls as libgit2's
 * manual writes them. A function that is not in the list does not link.
 */
#ifndef SG_UPSTREAM_LIBGIT2_H
#define SG_UPSTREAM_LIBGIT2_H

#include "sg/err.h"

#include <git2.h>

/* clang-format off */
#define GIT2_FUNCTIONS(X) \
    X(blob_free) \
    X(blob_lookup) \
    X(blob_rawcontent) \
    X(blob_rawsize) \
    X(commit_free) \
    X(commit_lookup) \
    X(commit_parent) \
    X(commit_parentcount) \
    X(commit_summary) \
    X(commit_time) \
    X(commit_tree) \
    X(config_free) \
    X(credential_default_new) \
    X(credential_ssh_key_from_agent) \
    X(credential_username_new) \
    X(error_last) \
    X(error_set_str) \
    X(fetch_options_init) \
    X(libgit2_init) \
    X(libgit2_opts) \
    X(libgit2_shutdown) \
    X(object_free) \
    X(object_id) \
    X(object_lookup) \
    X(object_peel) \
    X(odb_free) \
    X(odb_read_header) \
    X(oid_cpy) \
    X(oid_equal) \
    X(oid_fromstr) \
    X(oid_is_zero) \
    X(oid_tostr) \
    X(refdb_compress) \
    X(refdb_free) \
    X(reference_free) \
    X(reference_list) \
    X(reference_lookup) \
    X(reference_peel) \
    X(remote_create_anonymous) \
    X(remote_fetch) \
    X(remote_free) \
    X(repository_config_snapshot) \
    X(repository_free) \
    X(repository_init_ext) \
    X(repository_init_options_init) \
    X(repository_odb) \
    X(repository_open_bare) \
    X(repository_open_ext) \
    X(repository_refdb) \
    X(revparse_single) \
    X(revwalk_free) \
    X(revwalk_hide) \
    X(revwalk_new) \
    X(revwalk_next) \
    X(revwalk_push) \
    X(revwalk_sorting) \
    X(strarray_dispose) \
    X(tag_list) \
    X(tree_entry_byindex) \
    X(tree_entry_bypath) \
    X(tree_entry_filemode) \
    X(tree_entry_free) \
    X(tree_entry_id) \
    X(tree_entry_name) \
    X(tree_entry_type) \
    X(tree_entrycount) \
    X(tree_free) \
    X(tree_id) \
    X(tree_lookup)
/* clang-format on */

#define GIT2_POINTER(name) __typeof__(git_##name) *name;
extern struct git2 { GIT2_FUNCTIONS(GIT2_POINTER) } git2;
#undef GIT2_POINTER

/*
 * Loads libgit2 where that was not done yet; nothing of it may be called before. SG_E_IO
 * where it is not installed, with the package to install.
 */
SG_MUST_USE int upstream_load_git2(struct sg_err *err);

#define git_blob_free                     git2.blob_free
#define git_blob_lookup                   git2.blob_lookup
#define git_blob_rawcontent               git2.blob_rawcontent
#define git_blob_rawsize                  git2.blob_rawsize
#define git_commit_free                   git2.commit_free
#define git_commit_lookup                 git2.commit_lookup
#define git_commit_parent                 git2.commit_parent
#define git_commit_parentcount            git2.commit_parentcount
#define git_commit_summary                git2.commit_summary
#define git_commit_time                   git2.commit_time
#define git_commit_tree                   git2.commit_tree
#define git_config_free                   git2.config_free
#define git_credential_default_new        git2.credential_default_new
#define git_credential_ssh_key_from_agent git2.credential_ssh_key_from_agent
#define git_credential_username_new       git2.credential_username_new
#define git_error_last                    git2.error_last
#define git_error_set_str                 git2.error_set_str
#define git_fetch_options_init            git2.fetch_options_init
#define git_libgit2_init                  git2.libgit2_init
#define git_libgit2_opts                  git2.libgit2_opts
#define git_libgit2_shutdown              git2.libgit2_shutdown
#define git_object_free                   git2.object_free
#define git_object_id                     git2.object_id
#define git_object_lookup                 git2.object_lookup
#define git_object_peel                   git2.object_peel
#define git_odb_free                      git2.odb_free
#define git_odb_read_header               git2.odb_read_header
#define git_oid_cpy                       git2.oid_cpy
#define git_oid_equal                     git2.oid_equal
#define git_oid_fromstr                   git2.oid_fromstr
#define git_oid_is_zero                   git2.oid_is_zero
#define git_oid_tostr                     git2.oid_tostr
#define git_refdb_compress                git2.refdb_compress
#define git_refdb_free                    git2.refdb_free
#define git_reference_free                git2.reference_free
#define git_reference_list                git2.reference_list
#define git_reference_lookup              git2.reference_lookup
#define git_reference_peel                git2.reference_peel
#define git_remote_create_anonymous       git2.remote_create_anonymous
#define git_remote_fetch                  git2.remote_fetch
#define git_remote_free                   git2.remote_free
#define git_repository_config_snapshot    git2.repository_config_snapshot
#define git_repository_free               git2.repository_free
#define git_repository_init_ext           git2.repository_init_ext
#define git_repository_init_options_init  git2.repository_init_options_init
#define git_repository_odb                git2.repository_odb
#define git_repository_open_bare          git2.repository_open_bare
#define git_repository_open_ext           git2.repository_open_ext
#define git_repository_refdb              git2.repository_refdb
#define git_revparse_single               git2.revparse_single
#define git_revwalk_free                  git2.revwalk_free
#define git_revwalk_hide                  git2.revwalk_hide
#define git_revwalk_new                   git2.revwalk_new
#define git_revwalk_next                  git2.revwalk_next
#define git_revwalk_push                  git2.revwalk_push
#define git_revwalk_sorting               git2.revwalk_sorting
#define git_strarray_dispose              git2.strarray_dispose
#define git_tag_list                      git2.tag_list
#define git_tree_entry_byindex            git2.tree_entry_byindex
#define git_tree_entry_bypath             git2.tree_entry_bypath
#define git_tree_entry_filemode           git2.tree_entry_filemode
#define git_tree_entry_free               git2.tree_entry_free
#define git_tree_entry_id                 git2.tree_entry_id
#define git_tree_entry_name               git2.tree_entry_name
#define git_tree_entry_type               git2.tree_entry_type
#define git_tree_entrycount               git2.tree_entrycount
#define git_tree_free                     git2.tree_free
#define git_tree_id                       git2.tree_id
#define git_tree_lookup                   git2.tree_lookup

#endif
