/*
 * markdown_many.c - several projects as one comment: their plans merged, adopted forks
 * one after the other with an equal share of the room each.
 */
#include "markdown.h"
#include "writers.h"

#define PART_RESERVE 600 /* characters of a part that are not counted one by one */

/* The commands come last and must fit: in front of all that may be left out. */
static void add_adoptions(const struct sg_report_many *many,
                          const struct sg_report_opts *opts, struct sg_buf *out) {
    struct sg_md md = {.out = out, .t = {.opts = opts, .paint = opts->paint}};
    sg_auto_buf next = SG_BUF_INIT;
    sg_md_adopt_next(&many->items[many->len - 1].report.adopt, &next);
    size_t room =
        SG_MD_MOST - SG_MD_RESERVE - next.len; /* no fewer than its characters */
    sg_buf_adds(out, "<!-- sgupgrade -->\n");
    for (size_t i = 0; i < many->len; i++) {
        const struct sg_report_adopt *adopt = &many->items[i].report.adopt;
        size_t start = out->len, share = room / (many->len - i);
        md.left = share > PART_RESERVE ? share - PART_RESERVE : 0;
        sg_md_adopt(&md, adopt, many->len > 1 ? adopt->overlay : NULL);
        size_t used = sg_text_width(out->ptr + start, out->len - start);
        room -= used < room ? used : room;
    }
    sg_md_cut(&md, "json");
    sg_buf_adds(out, sg_buf_cstr(&next));
}

int sg_markdown_many(const struct sg_report *report, const struct sg_report_opts *opts,
                     struct sg_buf *out, struct sg_err *err) {
    const struct sg_report_many *many = &report->many;
    if (many->each != SG_REPORT_ADOPT) {
        return sg_write_merged(sg_markdown_plan, many, opts, out, err);
    }
    struct sg_report_opts view = *opts;
    view.paint = sg_palette_get(false);
    add_adoptions(many, &view, out);
    return 0;
}
