/*
 * draft_doc.h - one text of a draft: reading it for edits, and the bytes that its pending
 * changes replace.
 */
#ifndef SG_PLAN_DRAFT_DOC_H
#define SG_PLAN_DRAFT_DOC_H

#include "draft.h"

/* NULL where the text is no YAML that can be edited. */
struct draft_doc *draft_doc_read(struct draft *draft, struct draft_file *file,
                                 const char *name, struct sg_str text);
/* With the texts inside it; NULL is ignored. */
void draft_doc_free(struct draft_doc *doc);

/* Item `index` of `len` is taken out of a text without places (draft_places). */
void draft_drop_ordinal(struct draft_doc *doc, uint32_t index, uint32_t len);

/*
 * The pending changes as cuts of the text, sorted. True where nothing is left of it that
 * says anything: no cuts then. `tag` gets that of a removal. Tells hosts nothing.
 */
bool draft_doc_settle(struct draft_doc *doc, struct cuts *out, const char **tag);

#endif
