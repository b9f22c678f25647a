/*
 * libcurl.h - libcurl, loaded when the first file of the web is asked for: it brings
 * thirty libraries, and hardly a kustomization names such a file. As libgit2.h.
 */
#ifndef SG_UPSTREAM_LIBCURL_H
#define SG_UPSTREAM_LIBCURL_H

#include "sg/err.h"

/* its checks of argument types are macros around the functions */
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

/* clang-format off */
#define CURL_FUNCTIONS(X) \
    X(easy_cleanup) \
    X(easy_getinfo) \
    X(easy_init) \
    X(easy_perform) \
    X(easy_setopt) \
    X(easy_strerror) \
    X(global_init)
/* clang-format on */

/* Macros that make the compiler count the arguments. */
#undef curl_easy_getinfo
#undef curl_easy_setopt

#define CURL_POINTER(name) __typeof__(curl_##name) *name;
extern struct curl { CURL_FUNCTIONS(CURL_POINTER) } curl;
#undef CURL_POINTER

/* Loads and starts libcurl where that was not done yet. SG_E_IO where it is not
 * installed, with the package to install. */
SG_MUST_USE int upstream_load_curl(struct sg_err *err);

#define curl_easy_cleanup  curl.easy_cleanup
#define curl_easy_getinfo  curl.easy_getinfo
#define curl_easy_init     curl.easy_init
#define curl_easy_perform  curl.easy_perform
#define curl_easy_setopt   curl.easy_setopt
#define curl_easy_strerror curl.easy_strerror
#define curl_global_init   curl.global_init

#endif
