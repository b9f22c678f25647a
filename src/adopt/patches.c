/* patches.c - the files of what is said of each object, and of what is deleted. */
#include "adopting.h"

static void put_patch(struct sg_adopted *adopted, const char *folder,
                      const struct sg_buf *text, const char *file, const char *target) {
    sg_auto_buf entry = SG_BUF_INIT;
    put_file(adopted, folder, file, text->ptr, text->len);
    put_field("- path:", file, &entry);
    sg_buf_adds(&entry, target);
    put_entry(adopted, "patches", sg_buf_cstr(&entry), file);
}

static void put_said(struct sg_adopted *adopted, const char *folder,
                     const struct sg_adopt_said *said, const struct comments *comments) {
    sg_auto_buf patch = SG_BUF_INIT, operations = SG_BUF_INIT;
    if (said->patch != NULL && !said->deleted) {
        text_write(said->patch, comments, &patch);
        put_patch(adopted, folder, &patch, said->patch_file, "");
    }
    if (said->operations != NULL) {
        operations_write(said->operations, said->names, comments, &operations);
        put_patch(adopted, folder, &operations, said->operations_file, said->target);
    }
}

static void put_deletions(struct sg_adopted *adopted, const char *folder) {
    static const char name[] = SG_ADOPT_DELETIONS;
    sg_auto_buf text = SG_BUF_INIT, entry = SG_BUF_INIT;
    for (size_t i = 0; i < adopted->said.len; i++) {
        if (adopted->said.items[i].deleted) {
            sg_buf_adds(&text, text.len > 0 ? "---\n" : "");
            text_write(adopted->said.items[i].patch, NULL, &text);
        }
    }
    if (text.len > 0) {
        put_file(adopted, folder, name, sg_buf_cstr(&text), text.len);
        put_field("- path:", name, &entry);
        put_entry(adopted, "patches", sg_buf_cstr(&entry), name);
    }
}

void put_patches(struct sg_adopted *adopted, const char *folder,
                 const struct comments *comments) {
    for (size_t i = 0; i < adopted->said.len; i++) {
        put_said(adopted, folder, &adopted->said.items[i], comments);
    }
    put_deletions(adopted, folder);
}
