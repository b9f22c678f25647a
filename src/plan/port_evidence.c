/*
 * port_evidence.c - ports of containers and Services: the name of a port is what others
 * use, so a port that keeps it is the same port.
 */
#include "element_evidence.h"
#include "planner.h"

static const char *number_field(const struct sg_node *port) {
    return sg_map_gets(port, "containerPort") != NULL ? "containerPort" : "port";
}

static const char *protocol(const struct sg_node *port) {
    const char *text = text_at(port, "protocol");
    return text[0] == '\0' ? "TCP" : text;
}

static bool same_field(const struct sg_node *a, const struct sg_node *b,
                       const char *field) {
    const struct sg_node *x = sg_map_gets(a, field), *y = sg_map_gets(b, field);
    return x != NULL && y != NULL && sg_node_equal(x, y);
}

static void add_name(const struct element_lists *lists, const struct sg_node *gone,
                     const struct sg_node *fresh, struct evidence *out) {
    const struct sg_node *a = sg_map_get(gone, SG_ATOM(name));
    const struct sg_node *b = sg_map_get(fresh, SG_ATOM(name));
    if (a == NULL || b == NULL) {
        return;
    }
    if (!sg_node_equal(a, b)) {
        evidence_against(out, 0.2, "it is named ", sg_text(b));
        return;
    }
    /* a name may stand twice: once with TCP, once with UDP */
    bool only = element_value_count(lists, "name", a) == 2;
    evidence_for(out, only ? 0.88 : 0.6, "same port name ", sg_text(a));
}

void port_evidence(const struct element_lists *lists, const struct sg_node *gone,
                   const struct sg_node *fresh, struct evidence *out) {
    const char *number = number_field(gone);
    add_name(lists, gone, fresh, out);
    if (same_field(gone, fresh, number)) {
        evidence_for(out, 0.6, "same number ", text_at(fresh, number));
    }
    if (same_field(gone, fresh, "targetPort")) {
        evidence_for(out, 0.7, "same target ", text_at(fresh, "targetPort"));
    }
    if (same_field(gone, fresh, "nodePort")) {
        evidence_for(out, 0.6, "same node port ", text_at(fresh, "nodePort"));
    }
    if (!same_text(protocol(gone), protocol(fresh))) {
        evidence_against(out, 0.3, "another protocol", NULL);
    } else if (lists->old->len == 1 && lists->now->len == 1) {
        evidence_for(out, 0.52, "the only port", NULL);
    }
}
