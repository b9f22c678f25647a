/* Field paths as people type them: read or refused inside the text, and what is read is
 * printed as something that reads alike. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sg/fieldpath.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds) {
    if (!holds) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct sg_atoms *atoms = sg_atoms_new();
    struct sg_fieldpaths *paths = sg_fieldpaths_new(atoms);
    char *text = sg_xstrndup((const char *)data, size);
    const struct sg_fieldpath *path, *again;
    struct sg_err err = {0};
    if (sg_fieldpath_parse(paths, text, &path, &err) == 0) {
        sg_auto_buf printed = SG_BUF_INIT;
        sg_fieldpath_text(path, &printed);
        require(sg_fieldpath_parse(paths, sg_buf_cstr(&printed), &again, &err) == 0 &&
                again == path);
    } else {
        require(err.code != SG_E_USAGE ||
                (err.column >= 1 && err.column <= strlen(text) + 1));
    }
    free(text);
    sg_fieldpaths_free(paths);
    sg_atoms_free(atoms);
    return 0;
}
