#include "cli.h"

#include <stdlib.h>
#include <string.h>

/* no-color.org: any value that is not empty counts. */
static bool env_set(const char *name) {
    const char *value = getenv(name);
    return value && value[0] != '\0';
}

bool sg_color_wanted(enum sg_color_mode mode, bool tty) {
    if (mode != SG_COLOR_AUTO) {
        return mode == SG_COLOR_ALWAYS;
    }
    if (env_set("NO_COLOR")) {
        return false;
    }
    const char *force = getenv("CLICOLOR_FORCE");
    if (force && force[0] != '\0' && strcmp(force, "0") != 0) {
        return true;
    }
    const char *term = getenv("TERM");
    return tty && term && strcmp(term, "dumb") != 0;
}
