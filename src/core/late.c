/* late.c - dlopen and dlsym with our errors. */
#include "sg/late.h"

#include <dlfcn.h>
#include <string.h>

/* POSIX, not C, promises that a function's address fits into an object pointer. */
_Static_assert(sizeof(void *) == sizeof(void (*)(void)), "dlsym returns functions");

int sg_late_load(const char *soname, const struct sg_late_symbol *symbols, size_t count,
                 struct sg_err *err) {
    void *library = dlopen(soname, RTLD_LAZY | RTLD_LOCAL);
    if (library == NULL) {
        return sg_fail(err, SG_E_IO, "a library cannot be loaded: %s", dlerror());
    }
    for (size_t i = 0; i < count; i++) {
        void *function = dlsym(library, symbols[i].name);
        if (function == NULL) {
            return sg_fail(err, SG_E_IO, "%s has no function %s", soname,
                           symbols[i].name);
        }
        memcpy(symbols[i].slot, &function, sizeof(function));
    }
    return 0;
}
