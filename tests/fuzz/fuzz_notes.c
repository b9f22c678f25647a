/* Upstream's notes: any text yields sections, titled and not empty, of its own bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/repo/project.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const struct sg_version from = {.major = 3, .minor = 19},
                            to = {.major = 3, .minor = 20};
    char *text = sg_xmalloc(size > 0 ? size : 1); /* no longer, for the sanitizers */
    memcpy(text, data, size);
    struct notes notes = {0};
    sg_arena_init(&notes.arena);
    notes_parse(text, size, &from, &to, &notes);
    size_t len = 0;
    for (size_t i = 0; i < notes.items.len; i++) {
        len += strlen(notes.items.items[i].text);
        if (notes.items.items[i].title[0] == '\0') {
            abort();
        }
    }
    if (len > size) {
        abort();
    }
    notes_release(&notes);
    free(text);
    return 0;
}
