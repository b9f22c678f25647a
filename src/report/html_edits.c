#include "html.h"

void sg_html_edits(const struct sg_html *html) {
    (void)html;
}
