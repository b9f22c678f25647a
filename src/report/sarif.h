/*
 * sarif.h - the two halves of the SARIF writer.
 */
#ifndef SG_REPORT_SARIF_H
#define SG_REPORT_SARIF_H

#include "jwriter.h"
#include "sg/report.h"

/* SARIF's word for a severity: "error", "warning", "note". */
const char *sg_sarif_level(enum sg_severity severity);
/* {"text": …} under `key`. */
void sg_sarif_put_text(struct sg_jwriter *w, const char *key, const char *text);
/* The tool with a rule for each page (NULL: none). */
void sg_sarif_put_tool(struct sg_jwriter *w, const char *version,
                       const struct sg_report_code *pages);

#endif
