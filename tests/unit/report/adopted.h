/* An adopted fork made by hand. */
#ifndef SG_TEST_REPORT_ADOPTED_H
#define SG_TEST_REPORT_ADOPTED_H

#include "sg/report.h"

struct adopted {
    struct sg_adopt_ranking ranking;
    struct sg_adopt_fork fork;
    struct sg_adopt_outside outside;
    struct sg_adopted adopted;
    struct sg_report report;
};
/* A fork that is upstream's release and nothing else; the user said the release. */
void adopted_open(struct adopted *sample);
/* … with every way to say a change, every oddity, and differences that are left. */
void adopted_fill(struct adopted *sample);
void adopted_close(struct adopted *sample);

void adopted_candidate(struct adopted *sample, const char *version, size_t same,
                       double likeness);
void adopted_change(struct adopted *sample, enum sg_adopt_way way, const char *object,
                    const char *path, const char *before, const char *after);
void adopted_drop(struct adopted *sample, const char *object, const char *path,
                  const char *before, const char *after, bool older_image);
void adopted_oddity(struct adopted *sample, enum sg_adopt_oddity_kind kind,
                    const char *object, const char *path, const char *message);

/* The report in a format. */
void adopted_write(const struct adopted *sample, const char *format,
                   const struct sg_report_opts *view, struct sg_buf *out);

#endif
