#include "expect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

void expect_file(const char *name, const struct sg_buf *got) {
    char path[512];
    snprintf(path, sizeof path, "%s/unit/report/expected/%s", SG_TEST_DIR, name);
    if (getenv("UPDATE_GOLDEN")) {
        FILE *file = fopen(path, "we");
        assert_non_null(file);
        fwrite(sg_buf_cstr(got), 1, got->len, file);
        fclose(file);
    }
    sg_auto_buf want = SG_BUF_INIT;
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    int c = EOF;
    while ((c = getc(file)) != EOF) {
        sg_buf_addc(&want, (char)c);
    }
    fclose(file);
    assert_string_equal(sg_buf_cstr(got), sg_buf_cstr(&want));
}
