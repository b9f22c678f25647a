#include "image.h"

#include <string.h>

struct image_ref image_split(const char *text) {
    struct image_ref ref = {0};
    const char *digest = strchr(text, '@');
    size_t len = digest != NULL ? (size_t)(digest - text) : strlen(text);
    if (digest != NULL) {
        ref.digest = sg_str_from(digest + 1);
    }
    /* a ':' before the last '/' is a port */
    const char *tag = NULL;
    for (const char *p = text; p < text + len; p++) {
        if (*p == '/') {
            tag = NULL;
        } else if (*p == ':') {
            tag = p;
        }
    }
    if (tag != NULL) {
        ref.tag = (struct sg_str){tag + 1, (size_t)(text + len - tag) - 1};
        len = (size_t)(tag - text);
    }
    ref.name = (struct sg_str){text, len};
    return ref;
}

static bool leaf_masked(struct sg_str o, struct sg_str n, struct sg_str a,
                        struct sg_str b) {
    bool set = !sg_str_eq(o, a) || !sg_str_eq(n, b);
    return set && !sg_str_eq(o, n) && sg_str_eq(a, b);
}

bool image_masked(const char *base_old, const char *base_new, const char *before,
                  const char *after) {
    struct image_ref o = image_split(base_old), n = image_split(base_new);
    struct image_ref a = image_split(before), b = image_split(after);
    return leaf_masked(o.name, n.name, a.name, b.name) ||
           leaf_masked(o.tag, n.tag, a.tag, b.tag) ||
           leaf_masked(o.digest, n.digest, a.digest, b.digest);
}
