/* atom.c - interned strings: open addressing from bytes to atoms that live in an arena.
 */
#include "sg/atom.h"

#include "sg/arena.h"
#include "sg/strmap.h"

#include <string.h>

#define SG_ATOM_DEFINE(id, literal)                                                      \
    const struct sg_atom sg_atom_##id = {literal, sizeof(literal) - 1};
SG_WELL_KNOWN_ATOMS(SG_ATOM_DEFINE)

#define SG_ATOM_LIST(id, literal) &sg_atom_##id,
static const sg_atom well_known[] = {SG_WELL_KNOWN_ATOMS(SG_ATOM_LIST)};

struct slot {
    sg_atom atom; /* NULL: empty */
    uint64_t hash;
};

struct sg_atoms {
    struct sg_arena arena;
    struct slot *slots;
    size_t len, cap; /* cap is a power of two, at most three quarters full */
};

static struct slot *probe(struct slot *slots, size_t cap, const char *text, size_t len,
                          uint64_t hash) {
    size_t i = (size_t)hash & (cap - 1);
    for (;; i = (i + 1) & (cap - 1)) {
        sg_atom atom = slots[i].atom;
        if (!atom || (slots[i].hash == hash && atom->len == len &&
                      memcmp(atom->text, text, len) == 0)) {
            return &slots[i];
        }
    }
}

static void grow(struct sg_atoms *atoms) {
    size_t cap = atoms->cap * 2;
    struct slot *slots = sg_xcalloc(cap, sizeof(*slots));
    for (size_t i = 0; i < atoms->cap; i++) {
        const struct slot *old = &atoms->slots[i];
        if (old->atom) {
            *probe(slots, cap, old->atom->text, old->atom->len, old->hash) = *old;
        }
    }
    free(atoms->slots);
    atoms->slots = slots;
    atoms->cap = cap;
}

struct sg_atoms *sg_atoms_new(void) {
    struct sg_atoms *atoms = sg_xcalloc(1, sizeof(*atoms));
    sg_arena_init(&atoms->arena);
    atoms->cap = 1024;
    atoms->slots = sg_xcalloc(atoms->cap, sizeof(*atoms->slots));
    for (size_t i = 0; i < SG_ARRAY_LEN(well_known); i++) {
        sg_atom atom = well_known[i];
        uint64_t hash = sg_hash(atom->text, atom->len);
        struct slot *slot = probe(atoms->slots, atoms->cap, atom->text, atom->len, hash);
        if (slot->atom) {
            SG_BUG("a well-known atom is declared twice");
        }
        *slot = (struct slot){atom, hash};
        if (++atoms->len * 4 > atoms->cap * 3) {
            grow(atoms);
        }
    }
    return atoms;
}

void sg_atoms_free(struct sg_atoms *atoms) {
    if (atoms) {
        sg_arena_release(&atoms->arena);
        free(atoms->slots);
        free(atoms);
    }
}

sg_atom sg_atom_intern(struct sg_atoms *atoms, const char *text, size_t len,
                       struct sg_err *err) {
    uint64_t hash = sg_hash(text, len);
    struct slot *slot = probe(atoms->slots, atoms->cap, text, len, hash);
    if (slot->atom) {
        return slot->atom;
    }
    if (atoms->len >= SG_ATOM_MAX || len > UINT32_MAX) {
        sg_fail(err, SG_E_LIMIT,
                "more than %u different keys and names in one run, at most that many are "
                "supported",
                SG_ATOM_MAX);
        return NULL;
    }
    struct sg_atom *atom = sg_arena_alloc(&atoms->arena, sizeof(*atom));
    atom->text = sg_arena_strndup(&atoms->arena, text, len);
    atom->len = (uint32_t)len;
    *slot = (struct slot){atom, hash};
    if (++atoms->len * 4 > atoms->cap * 3) {
        grow(atoms);
    }
    return atom;
}

sg_atom sg_atom_of(struct sg_atoms *atoms, const char *text) {
    sg_atom atom = sg_atom_intern(atoms, text, strlen(text), NULL);
    if (!atom) {
        SG_BUG("the atom table is full");
    }
    return atom;
}

sg_atom sg_atom_find(const struct sg_atoms *atoms, const char *text, size_t len) {
    return probe(atoms->slots, atoms->cap, text, len, sg_hash(text, len))->atom;
}
