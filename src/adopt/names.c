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

bool is_kustomization_name(const char *path) {
    static const char *const names[] = {"kustomization.yaml", "kustomization.yml",
                                        "Kustomization"};
    const char *base = sg_path_base(path);
    for (size_t i = 0; i < SG_ARRAY_LEN(names); i++) {
        if (strcmp(base, names[i]) == 0) {
            return true;
        }
    }
    return false;
}
