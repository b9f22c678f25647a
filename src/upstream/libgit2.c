/* libgit2.c - the functions of libgit2 that we call. */
#include "libgit2.h"

#include "sg/late.h"

struct git2 git2;

int upstream_load_git2(struct sg_err *err) {
    static const struct sg_late_symbol symbols[] = {
#define GIT2_SYMBOL(name) {"git_" #name, &git2.name},
        GIT2_FUNCTIONS(GIT2_SYMBOL)
#undef GIT2_SYMBOL
    };
    static bool loaded;
    if (!loaded &&
        sg_late_load(SG_GIT2_SONAME, symbols, SG_ARRAY_LEN(symbols), err) != 0) {
        return sg_err_hint(err, "install libgit2 (on Debian the package libgit2-1.5)");
    }
    loaded = true;
    return 0;
}
