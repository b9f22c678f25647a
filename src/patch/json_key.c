/* json_key.c - keys on their way to JSON, where a key is a string: a boolean or number
 * becomes the text that Go prints it as. */
#include "json.h"

#include "sg/number.h"

#include <math.h>
#include <stdio.h>

/* The fewest digits that name the float32, as "d.ddde±x". */
static void shortest(float value, char *out, size_t size) {
    for (int digits = 0; digits < 9; digits++) {
        snprintf(out, size, "%.*e", digits, (double)value);
        if (strtof(out, NULL) == value) {
            return;
        }
    }
}

/* Go's FormatFloat(value, 'g', -1, 32): an exponent below -4 or above 5. */
static void print_float(double value, struct sg_buf *out) {
    char text[32];
    float narrow = (float)value;
    if (isnan(narrow) || isinf(narrow)) {
        sg_buf_adds(out, isnan(narrow) ? ".nan" : narrow > 0 ? ".inf" : "-.inf");
        return;
    }
    shortest(narrow, text, sizeof(text));
    int exponent = (int)strtol(strchr(text, 'e') + 1, NULL, 10);
    if (exponent < -4 || exponent >= 6) {
        sg_buf_adds(out, text);
        return;
    }
    int digits = (int)strcspn(text, "e") - (text[0] == '-');
    digits = digits > 1 ? digits - 1 : digits; /* the point */
    int decimals = digits - 1 - exponent;
    sg_buf_addf(out, "%.*f", decimals > 0 ? decimals : 0, strtod(text, NULL));
}

/* The text of a key of this type; false for what kustomize refuses: a null, and what is
 * more than an int64. */
static bool key_text(const struct sg_entry *entry, struct sg_buf *out) {
    const char *text = entry->key->text;
    switch ((enum sg_tag)entry->key_tag) {
    case SG_TAG_BOOL:
        sg_buf_adds(out, json_is_true(text) ? "true" : "false");
        return true;
    case SG_TAG_INT:
        return sg_number_write(text, entry->key->len, SG_NUMBER_YAML, out) &&
               (out->ptr[0] == '-' || strtoull(out->ptr, NULL, 10) <= INT64_MAX);
    case SG_TAG_FLOAT: {
        sg_auto_buf number = SG_BUF_INIT;
        bool finite = sg_number_write(text, entry->key->len, SG_NUMBER_YAML, &number);
        bool nan = strpbrk(text, "aA") != NULL;
        if (finite && text[0] == '-' && strtod(number.ptr, NULL) == 0) {
            sg_buf_addc(out, '-');
        }
        print_float(finite ? strtod(number.ptr, NULL)
                    : nan  ? (double)NAN
                           : (text[0] == '-' ? -HUGE_VAL : HUGE_VAL),
                    out);
        return true;
    }
    case SG_TAG_NULL:
        return false;
    case SG_TAG_NONE:
    case SG_TAG_STR:
    case SG_TAG_TIMESTAMP:
    case SG_TAG_BINARY:
    case SG_TAG_MERGE:
    case SG_TAG_OTHER:
        break;
    }
    sg_buf_add(out, text, entry->key->len);
    return true;
}

static bool is_text(const struct sg_entry *entry) {
    return entry->key_tag == SG_TAG_STR || entry->key_tag == SG_TAG_NONE;
}

static bool all_text(const struct sg_node *map) {
    for (uint32_t i = 0; i < map->len; i++) {
        if (!is_text(&map->entries[i])) {
            return false;
        }
    }
    return true;
}

int json_key_texts(struct sg_docs *set, struct sg_node *map, struct sg_err *err) {
    if (all_text(map)) {
        return 0;
    }
    struct sg_node *copy = sg_map_new(set);
    for (uint32_t i = 0; i < map->len; i++) {
        const struct sg_entry *entry = &map->entries[i];
        sg_auto_buf text = SG_BUF_INIT;
        if (!is_text(entry) && !key_text(entry, &text)) {
            return sg_fail_at(err, SG_E_INPUT, sg_docs_pos(set, entry->key_loc),
                              "found the key %s, which has no form in JSON, expected a "
                              "string (quote it)",
                              entry->key->len > 0 ? entry->key->text : "null");
        }
        sg_atom key = is_text(entry)
                          ? entry->key
                          : sg_atom_intern(set->atoms, sg_buf_cstr(&text), text.len, err);
        if (key == NULL) {
            return -1;
        }
        struct sg_entry *made = sg_map_put(set, copy, key, entry->value);
        made->key_loc = entry->key_loc;
        made->key_tag = SG_TAG_STR;
        made->key_style = is_text(entry) ? entry->key_style : SG_DOUBLE;
    }
    copy->flow = map->flow;
    copy->loc = map->loc;
    *map = *copy;
    return 0;
}
