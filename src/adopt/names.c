#include "names.h"

#include <string.h>

#include "sg/base.h"
#include "sg/path.h"

bool is_manifest_name(const char *path) {
    static const char *const ends[] = {".yaml", ".yml", ".json"};
    size_t len = strlen(path);
    for (size_t i = 0; i < SG_ARRAY_LEN(ends); i++) {
        size_t end = strlen(ends[i]);
        if (len > end && strcmp(path + len - end, ends[i]) == 0) {
            return true;
        }
    }
    return false;
}

static const char *const names[] = {"kustomization.yaml", "kustomization.yml",
                                    "Kustomization"};

bool is_kustomization_name(const char *path) {
    const char *base = sg_path_base(path);
    for (size_t i = 0; i < SG_ARRAY_LEN(names); i++) {
        if (strcmp(base, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

bool find_kustomization(const struct sg_fs *fs, const char *dir, struct sg_buf *out) {
    for (size_t i = 0; i < SG_ARRAY_LEN(names); i++) {
        enum sg_fs_type type;
        struct sg_err ignored = {0};
        sg_buf_clear(out);
        sg_buf_addf(out, "%s%s%s", dir, dir[0] != '\0' ? "/" : "", names[i]);
        if (sg_fs_stat(fs, sg_buf_cstr(out), &type, NULL, &ignored) == 0 &&
            type == SG_FS_FILE) {
            return true;
        }
    }
    return false;
}

/* The end of a path comes first, then a slash, then all other bytes. */
static int rank_of(char byte) {
    return byte == '\0' ? 0 : byte == '/' ? 1 : (unsigned char)byte + 1;
}

int file_order(const char *a, const char *b) {
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    return rank_of(*a) - rank_of(*b);
}
