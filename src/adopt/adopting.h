/*
 * adopting.h - a fork on its way to an overlay: its objects beside upstream's, what is
 * said for all of them at once, and the files.
 */
#ifndef SG_ADOPTING_H
#define SG_ADOPTING_H

#include "comments.h"
#include "derive.h"
#include "sg/kustomize.h"
#include "sg/yaml.h"

/* An object of the base and the fork's version of it; one of the two may be NULL. */
struct pair {
    const struct sg_resource *base; /* in the render of the base */
    struct sg_resid id;             /* … and what it is there */
    size_t nth;                     /* among those that were loaded as the same */
    const struct sg_node *start;    /* the same as patches find it */
    const struct sg_node *shared;   /* … and where the transformers ran, too; or NULL */
    const struct sg_adopt_object *fork;
    struct sg_node *content; /* `start` where its large texts are files, and its generated
                                content is patched; NULL: it has neither */
    struct sg_node *want;    /* what the patches must make of it */
    struct sg_strmap operated; /* paths of what operations change */
    bool unread;               /* the fork's version could not be read */
    bool no_files;             /* its large texts are not files: they do not hold */
    bool went_back;            /* … since the last time that texts_back was asked */
    bool left_out;             /* kustomize refuses what would say it */
    bool *chosen;              /* of the differences those that it takes; NULL: all */
    struct sg_node *sayable;   /* `want` with these alone; or NULL */
    bool renamed;              /* the two have another name or kind */
    bool picked;               /* the fork's own, and as a later release has it */
    bool differs;              /* the fork's file says something else than upstream's */
};

/* An entry of `images`. */
struct image_change {
    const char *name;              /* as upstream has it */
    const char *to, *tag, *digest; /* NULL: not said */
    bool bare;                     /* the fork has neither tag nor digest any more */
    uint32_t loc;                  /* in the fork, for its comment */
    bool conflict;                 /* an object of the fork's own has the image, too */
    size_t uses;
    uintptr_t next; /* another change of the same image, while they are found; 0: none */
};
struct replica_change {
    const char *name, *count;
    uint32_t loc; /* as above */
};
/* A label or annotation, and what has it beside the objects. */
enum reach { ON_OBJECTS, ON_TEMPLATES, ON_SELECTORS /* and templates */ };
struct shared_pair {
    struct sg_entry pair;
    enum reach reach;
    bool inner; /* most of the base's objects have it: as a namespace may be inner */
};
typedef SG_VEC(struct shared_pair) shared_pairs;
/* What one entry of the kustomization says for many objects. */
struct shared {
    const char *namespace; /* NULL: none */
    bool inner;            /* … of the base alone, in a kustomization of its own */
    shared_pairs labels, annotations;
    SG_VEC(struct image_change) images;
    struct sg_strmap
        by_image; /* name -> position in `images` + 1, while they are found */
    SG_VEC(struct replica_change) replicas;
};
void shared_release(struct shared *shared);
bool shared_has_inner(const struct shared *shared);

/* The files of the chosen release and of those behind it, listed once. */
struct later {
    const char *version;
    char commit[SG_GIT_HEX + 1];
    struct sg_git_files files;
};
struct later_releases {
    struct sg_git_files now;     /* of the chosen release … */
    char commit[SG_GIT_HEX + 1]; /* … whose commit it is */
    SG_VEC(struct later) items;  /* oldest first */
    struct later before;         /* the last one before it; version NULL: there is none */
};
void later_release(struct later_releases *later);

/* What is taken out of the fork, for a later release has it. */
struct drop {
    const struct sg_node *object; /* as it was in the fork */
    const char *version;
    struct difference lost; /* the base's, and the fork's */
};

struct adopting {
    struct sg_adopt_fork *fork;
    const struct sg_adopt_opts *opts;
    struct sg_docs *docs; /* the fork's: owns what is made */
    struct sg_fieldpaths *paths;
    struct sg_render base;
    SG_VEC(struct pair)
    pairs; /* the base's in its order, then the fork's own in theirs */
    struct shared shared;
    struct comments comments;
    enum { POLICY_UNKNOWN, POLICY_NONE, POLICY_SOME } policy; /* shared.c */
    struct later_releases later; /* from find_cherries on; empty without an upstream */
    struct sg_strmap picked;     /* object and path -> version of upstream's own change */
    struct sg_strmap left;       /* … -> the version before, which had it so */
    SG_VEC(struct drop) drops;
    size_t left_out;       /* objects that kustomize refuses */
    size_t shared_files;   /* of the transformers, first in out->files … */
    size_t shared_entries; /* … and in out->entries */
    struct sg_strmap laid; /* file of the overlay -> position + 1 of the pair it is for */
    struct sg_adopted *out;
};

/* result.c: the base's object's file in the base's folder, borrowed; NULL where it has
 * none there. */
const char *base_file(const struct adopting *a, const struct sg_resource *base);
/* pairs.c: which object of the fork is which of upstream's. */
void pairs_find(struct adopting *a);
/* … how many objects of a render, asked for in its order, were loaded as the same before.
 */
size_t count_loaded(struct sg_strmap *loaded, const struct sg_resource *res);
/* Parts pairs again, so that the fork's object is one of its own: those of another name
 * or kind, service accounts (to the bindings of one that moves kustomize gives its
 * namespace, also where the fork leaves it out), or generated objects (whose hash
 * somebody left as it was). False where there are none. */
bool pairs_part(struct adopting *a, bool (*wanted)(const struct pair *pair));
bool pair_renamed(const struct pair *pair);
bool pair_account(const struct pair *pair);
bool pair_generated(const struct pair *pair);
/* later.c: the changes that upstream made later itself, into a->picked; with drop_picks
 * they are taken out of the fork's objects. */
int find_cherries(struct adopting *a, struct sg_err *err);
/* … and whether a later release, as find_cherries listed them, has objects of a kind. */
bool kind_comes(struct adopting *a, const char *kind);
/* drops.c: what an object of the fork loses for a release; or that it goes. */
void drops_find(struct adopting *a, const struct sg_node *before,
                const struct sg_node *now, const char *version);
void drops_find_object(struct adopting *a, const struct sg_node *object,
                       const char *version);
/* … and all of it, into a->out. */
void note_drops(struct adopting *a);
/* shared.c: what the fork changes on all objects alike. */
void shared_find(struct adopting *a);
/* kustomize's `images` fail on a PodSecurityPolicy (docs/KUSTOMIZE.md): there is one, or
 * a later release brings one, so that its transformer is used without its field list. */
bool shared_images_apart(struct adopting *a);
/* … and the counts of copies, which are taken out of each `want`. */
void shared_replicas(struct adopting *a);
/* labels.c: labels and annotations that the fork put on all objects, or on most. */
void labels_find(struct adopting *a);
/* layers.c: the base as patches find it, and where the transformers ran, beside each
 * pair's. The entries of the transformers are laid out for it. */
struct layers {
    struct sg_render start, shared;
};
void layers_release(struct layers *layers);
int layers_render(struct adopting *a, struct layers *layers, struct sg_err *err);
#define INNER "upstream" /* folder in the overlay: what is said of the base alone */
/* generated.c: how long the name of a fork's object is without the hash of a generated
 * one; 0: it ends in none. */
size_t plain_length(const struct sg_adopt_object *object);
/* … the base's object as a patch names it: a hash comes last and is no part of a name. */
const struct sg_node *patch_name(struct adopting *a, const struct sg_resource *base);
/* … a hash is never patched: it comes of the content. */
void keep_hash(struct adopting *a, const struct pair *pair);
/* … the base's object with the content that the fork's version has. */
struct sg_node *generated_content(struct adopting *a, const struct pair *pair);
/* configs.c: the fork changes a large text of the ConfigMap. The files are found before
 * all else, into a->out->texts, below `folder`; the object's start with them. */
bool has_texts(const struct pair *pair);
struct sg_node *take_texts(struct adopting *a, const struct pair *pair,
                           const struct sg_resid *id, const char *folder);
/* … those of objects that come out different (nothing `rendered`: of all) are to go back
 * to the patches; false where there are none. */
bool texts_back(struct adopting *a, bool rendered);
/* … those that just went are files again: they were not the fault */
void texts_forth(struct adopting *a);
/* … the one of the same object and file, or NULL; whether a change, with the object as
 * the changes name it, is in a file. */
const struct sg_adopt_text *text_of(const struct sg_adopted *adopted,
                                    const struct sg_adopt_text *wanted);
bool said_by_text(const struct sg_adopted *adopted, const char *object, const char *path);
/* … the files, below `folder`, and the generators' entries, which begin the line of each
 * file with TEXT_ITEM. */
void put_texts(struct sg_adopted *adopted, const char *folder);
#define TEXT_ITEM "  -"
/* before.c: the object that the transformers make `fork` of: where they make `shared` of
 * `base`. In `docs`. */
struct sg_node *before_shared(struct sg_docs *docs, const struct sg_node *base,
                              const struct sg_node *shared, const struct sg_node *fork);
/* midway.c: the commit that the fork is nearest to, into `out`, whose texts are of the
 * fork's set; asked for where the fork has changes that upstream made later. */
void find_midway(struct adopting *a, struct sg_adopt_midway *out);
/* layout.c: the entries of the kustomization, into a->out: of the transformers, then the
 * rest, each with its files. */
void layout_transformers(struct adopting *a); /* transformers.c */
void layout_replicas(struct adopting *a);     /* … and the counts of copies */
void layout_contents(struct adopting *a); /* large texts, and of generated objects all:
                                             before all others */
int layout_overlay(struct adopting *a, struct sg_err *err);
/* transformers.c: the files of the entries that are transformers. */
void put_transformers(struct sg_adopted *adopted, const char *folder);
/* patches.c: the files of all that is said, below `folder`, and their entries. */
void put_patches(struct sg_adopted *adopted, const char *folder,
                 const struct comments *comments);
/* result.c: an entry of the kustomization, or one that is a file; a file of the result,
 * its path below `folder`; of the texts only `text` is copied. And the kustomization of
 * its entries. */
void put_entry(struct sg_adopted *adopted, const char *field, const char *text,
               const char *file);
void put_file_entry(struct sg_adopted *adopted, const char *field, const char *file);
/* "field text" on a line; nothing for an empty text, or NULL. */
void put_field(const char *field, const char *text, struct sg_buf *out);
void put_file(struct sg_adopted *adopted, const char *folder, const char *name,
              const char *text, size_t len);
void put_kustomization(struct sg_adopted *adopted, const struct sg_adopt_opts *opts,
                       const char *component);
/* kustomization.c: the file of the entries; `component` NULL: none is used. And the
 * project with the overlay in it. */
void kustomization_text(const struct sg_adopted *adopted,
                        const struct sg_adopt_opts *opts, const char *component,
                        struct sg_buf *out);
/* … of the base's own in `folder`. */
void inner_text(const struct sg_adopted *inner, const char *folder, const char *base,
                struct sg_buf *out);
void component_text(const struct sg_adopted *component, struct sg_buf *out);
struct sg_fs *overlay_view(const struct sg_adopted *adopted,
                           const struct sg_adopt_opts *opts);
/* text.c: a patch as a person writes it, keys in their order; `comments` NULL: none. */
void text_write(const struct sg_node *node, const struct comments *comments,
                struct sg_buf *out);
/* named.c: the same of operations, with the names of operation_names beside. */
void operations_write(const struct sg_node *ops, const char *const *names,
                      const struct comments *comments, struct sg_buf *out);
/* adopt.c: everything but the transformers' entries, rendered and compared. */
int lay_out(struct adopting *a, struct sg_err *err);
/* left_out.c: the same without what kustomize refuses of the objects; for lay_out, what
 * is left to say of each; and all objects are whole again: what one attempt cannot say
 * another may. */
int lay_out_most(struct adopting *a, struct sg_err *err);
void limit_wants(struct adopting *a);
/* … what a pair's own patches begin with, and what they make: `want` as far as it can be
 * said. */
const struct sg_node *start_of(const struct pair *pair);
const struct sg_node *sayable(const struct pair *pair);
void forget_left_out(struct adopting *a);
/* changes.c: what the fork changes, into a->out, once its overlay is laid out. */
void note_changes(struct adopting *a);
/* … upstream's file of an object of the base, in the base's folder; NULL: none. In the
 * result's arena. */
const char *file_in_base(struct adopting *a, const struct sg_resource *base);
/* noise.c: what of the fork is no change, into a->out, once the changes are noted. */
void note_noise(struct adopting *a);
/* proof.c: renders the project with the overlay and compares it with the fork. */
int prove(struct adopting *a, struct sg_err *err);
int prove_view(struct adopting *a, const struct sg_fs *view, struct sg_err *err);
/* restarts.c: notes into a->out a workload that restarts for the order of its lists; the
 * two are equal otherwise. */
void note_restart(struct adopting *a, const struct sg_node *render,
                  const struct sg_node *fork);

/* "apps/v1/Deployment/web", with the namespace before the name where there is one; in the
 * result's arena. */
const char *object_text(struct adopting *a, const struct sg_node *node);
/* A value on one line, in the result's arena; NULL for NULL. */
const char *value_text(struct adopting *a, const struct sg_node *node);
/* file, line and column of a difference (`b`) in an object of the fork's; of what it has
 * not, of what is around it. */
struct sg_pos place_in_fork(const struct adopting *a, const struct sg_node *object,
                            const struct difference *found);

#endif
