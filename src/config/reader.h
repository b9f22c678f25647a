/*
 * reader.h - inside config: what reading sgupgrade.yaml and sgupgrade.lock have in
 * common. The shapes were checked against a table of fields (strict.h) before any of
 * these is called; they check what a table cannot say.
 */
#ifndef SG_CONFIG_READER_H
#define SG_CONFIG_READER_H

#include "sg/arena.h"
#include "sg/strict.h"
#include "sg/version.h"
#include "sg/yaml.h"

struct reader {
    const struct sg_docs *set;
    struct sg_arena *arena; /* of the result: strings are copied here */
    const char *name;       /* of the file, in that arena */
    struct sg_err *err;
};

/*
 * Parses the one document of a file of ours into `set`, which checks `fields`, apiVersion
 * and kind. NULL with an error. `empty_hint` is the next step for an empty file.
 */
struct sg_node *config_parse(struct sg_docs *set, const char *name, const char *text,
                             size_t len, const struct sg_strict_field *fields,
                             const char *kind, const char *empty_hint,
                             struct sg_err *err);

/* The position of a node, its file name living as long as the result. */
struct sg_pos config_at(const struct reader *r, const struct sg_node *node);
/* Fails at `node`. Always -1. */
SG_PRINTF(3, 4)
int config_fail(const struct reader *r, const struct sg_node *node, const char *fmt, ...);

/* Field `name` of a map, NULL where it is missing or null. */
struct sg_node *config_get(const struct sg_node *map, const char *name);
/* A scalar's text, copied. NULL and an error for an empty one or one with a NUL byte. */
const char *config_text(const struct reader *r, const struct sg_node *node);
/* As config_text for field `name`; a missing field gives 0 and leaves `*out` alone. */
SG_MUST_USE int config_field(const struct reader *r, const struct sg_node *map,
                             const char *name, const char **out);
/*
 * A path below the root, cleaned. Refuses absolute ones, "..", and places that are git's
 * or ours: a lock must not be able to write a git hook. `root` allows "." (giving "").
 */
SG_MUST_USE int config_path(const struct reader *r, const struct sg_node *node, bool root,
                            const char **out);
/* One of `words` (NULL-terminated), its index in `*out`; a did-you-mean for others. */
SG_MUST_USE int config_word(const struct reader *r, const struct sg_node *node,
                            const char *const *words, size_t *out);
/* Lower-case hex of exactly `len` digits. `what` names it ("a commit id"). */
SG_MUST_USE int config_hex(const struct reader *r, const struct sg_node *map,
                           const char *name, size_t len, const char **out);
SG_MUST_USE int config_version(const struct reader *r, const struct sg_node *node,
                               struct sg_version *out);
/* The number of exactly `digits` digits at `text`, or -1. */
int config_digits(const char *text, size_t digits);
/* True for a day of the calendar written "2027-03-31". */
bool config_is_date(const char *text);

/* --- writing ---------------------------------------------------------------------- */

/* Appends `text` as a YAML scalar on one line: plain where every reader takes it for that
 * string, else in double quotes. Valid UTF-8 only. */
void config_put_scalar(struct sg_buf *out, const char *text);
/* Appends bytes as a double-quoted YAML scalar. */
void config_put_quoted(struct sg_buf *out, const char *bytes, size_t len);
/* The bytes are UTF-8 without surrogates, so that config_put_quoted can carry them. */
bool config_is_utf8(const char *bytes, size_t len);

void config_put_base64(struct sg_buf *out, const char *bytes, size_t len);
/* Appends the decoded bytes; false for what is no base64 (RFC 4648, with padding). */
bool config_get_base64(struct sg_buf *out, const char *text, size_t len);

#endif
