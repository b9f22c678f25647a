/*
 * fuzz_yaml.c - any bytes, read in every mode. What is written must read back as what was
 * written; spans must lie in the file and an edit must keep the rest.
 */
#include "sg/json.h"
#include "sg/yaml.h"

#include <stdint.h>
#include <string.h>

static void write_and_reread(struct sg_docs *set, const struct sg_node *root) {
    sg_auto_buf once = SG_BUF_INIT, twice = SG_BUF_INIT, json = SG_BUF_INIT;
    struct sg_err err = {0};
    if (sg_json_write(root, SG_JSON_SORTED, &json, &err) == 0 && json.len == 0) {
        SG_BUG("JSON without text");
    }
    sg_err_clear(&err);
    if (sg_yaml_write(set, root, &once, &err)) {
        if (err.code == SG_OK || err.text[0] == '\0') {
            SG_BUG("a failure without an error");
        }
        return;
    }
    sg_auto_yaml_docs docs = {0};
    /* a root that is a scalar may be written as an empty document */
    if (!sg_is_map(root)) {
        return;
    }
    if (sg_yaml_read(set, "again", once.ptr, once.len, NULL, &docs, &err) ||
        docs.roots.len != 1) {
        SG_BUG("what was written cannot be read");
    }
    if (sg_yaml_write(set, docs.roots.items[0], &twice, &err) || twice.len != once.len ||
        memcmp(once.ptr, twice.ptr, once.len) != 0) {
        SG_BUG("written twice, different bytes");
    }
}

static void check_places(const struct sg_docs *set, const struct sg_node *node) {
    struct sg_span span;
    if (sg_yaml_span(set, node, &span)) {
        const struct sg_source *source = sg_docs_source(set, node->loc);
        if (!source || span.start > span.end || span.end > source->len) {
            SG_BUG("a span outside its file");
        }
    }
    for (uint32_t i = 0; !sg_is_scalar(node) && i < node->len; i++) {
        struct sg_yaml_place place;
        struct sg_splices splices = {0};
        sg_auto_buf out = SG_BUF_INIT;
        bool map = sg_is_map(node);
        if (map ? sg_yaml_entry_place(set, node, i, &place)
                : sg_yaml_item_place(set, node, i, &place)) {
            struct sg_str text = {place.source->text, place.source->len};
            if (map ? sg_yaml_delete_entry(set, node, i, &splices)
                    : sg_yaml_delete_item(set, node, i, &splices)) {
                sg_splices_apply(&splices, text, &out);
            }
            sg_splices_release(&splices);
        }
        check_places(set, map ? node->entries[i].value : node->items[i]);
    }
}

static void read_with(const uint8_t *data, size_t size, const struct sg_yaml_opts *opts) {
    struct sg_atoms *atoms = sg_atoms_new();
    struct sg_err err = {0};
    {
        sg_auto_docs set;
        sg_auto_yaml_docs docs = {0};
        sg_docs_init(&set, atoms);
        int rc = sg_yaml_read(&set, "fuzz", (const char *)data, size, opts, &docs, &err);
        if ((rc == 0) != (err.code == SG_OK)) {
            SG_BUG("return value and error disagree");
        }
        for (size_t i = 0; i < docs.roots.len; i++) {
            if (opts->edit) {
                check_places(&set, docs.roots.items[i]);
            } else {
                write_and_reread(&set, docs.roots.items[i]);
            }
        }
    }
    sg_atoms_free(atoms);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const struct sg_yaml_opts modes[] = {
        {.manifests = true},
        {.yaml11 = true, .repeat = SG_REPEAT_LAST},
        {.edit = true, .repeat = SG_REPEAT_ERROR},
        {.tolerant = true, .repeat = SG_REPEAT_FIRST},
    };
    if (size > 65536) {
        return 0;
    }
    for (size_t i = 0; i < SG_ARRAY_LEN(modes); i++) {
        read_with(data, size, &modes[i]);
    }
    return 0;
}
