/* yaml_helper.h - a document set, its atoms and the last error, for one test. */
#ifndef YAML_HELPER_H
#define YAML_HELPER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sg/yaml.h"

struct fixture {
    struct sg_atoms *atoms;
    struct sg_docs set;
    struct sg_yaml_docs docs;
    struct sg_err err;
};

int fixture_setup(void **state);
int fixture_teardown(void **state);
/* Reads `text` as "x.yaml"; the first root, or NULL for an error or an empty file. */
struct sg_node *fixture_read(struct fixture *f, const char *text,
                             const struct sg_yaml_opts *opts);
/* As fixture_read in manifests mode, written back. NULL for an error. Freed by the
 * caller. */
char *fixture_render(struct fixture *f, const char *text);
/* Asserts that the error says `where` ("3:5") and holds `text`. */
void assert_fault(const struct fixture *f, uint32_t line, uint32_t column,
                  const char *text);
/* The folder of the real releases, or NULL (with a line that says so). */
const char *real_folder(void);
/* Calls `each` for every .yaml file below `folder`; returns how many. */
size_t each_yaml_file(const char *folder,
                      void (*each)(const char *path, const char *text, size_t len,
                                   void *ctx),
                      void *ctx);

#endif
