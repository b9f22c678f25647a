/*
 * late.h - a shared library that is loaded when it is first needed, because its start
 * would cost every command that does without it.
 */
#ifndef SG_LATE_H
#define SG_LATE_H

#include "sg/err.h"

/* A function of the library: its name there, and the function pointer that gets it. */
struct sg_late_symbol {
    const char *name;
    void *slot; /* of a pointer to a function of the right type */
};

/*
 * Loads the library called `soname` ("libgit2.so.1.5") and fills the slot of each of
 * `count` symbols. It stays loaded until the process ends. SG_E_IO with the loader's
 * words where the library or a symbol is missing; slots may then be filled in part.
 */
SG_MUST_USE int sg_late_load(const char *soname, const struct sg_late_symbol *symbols,
                             size_t count, struct sg_err *err);

#endif
