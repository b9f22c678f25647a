#include "marks.h"

#include <string.h>

#define SG_MARKS_STEP 128

static bool is_ascii(const char *text, size_t len) {
    size_t i = 0;
    for (; i + sizeof(uint64_t) <= len; i += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, text + i, sizeof(word));
        if (word & UINT64_C(0x8080808080808080)) {
            return false;
        }
    }
    for (; i < len; i++) {
        if ((unsigned char)text[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

void sg_marks_init(struct sg_marks *marks, const char *text, size_t len, uint32_t start) {
    *marks = (struct sg_marks){
        .text = text, .len = len, .start = start, .ascii = is_ascii(text, len)};
}

void sg_marks_release(struct sg_marks *marks) {
    sg_vec_release(&marks->checkpoints);
}

uint32_t sg_marks_file(const struct sg_marks *marks, size_t at) {
    size_t low = 0, high = marks->dropped_len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (marks->dropped[middle] < at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return marks->start + (uint32_t)(at + low);
}

static size_t next_point(const struct sg_marks *marks, size_t byte) {
    byte++;
    while (byte < marks->len && ((unsigned char)marks->text[byte] & 0xC0) == 0x80) {
        byte++;
    }
    return byte;
}

/* Checkpoints are made as far as they are asked for: a broken file is never scanned
 * past the fault. */
static void seek_checkpoint(struct sg_marks *marks, size_t point) {
    size_t wanted = point / SG_MARKS_STEP;
    if (marks->checkpoints.len == 0) {
        sg_vec_push(&marks->checkpoints, 0);
    }
    size_t byte = marks->checkpoints.items[marks->checkpoints.len - 1];
    while (marks->checkpoints.len <= wanted && byte < marks->len) {
        for (int i = 0; i < SG_MARKS_STEP && byte < marks->len; i++) {
            byte = next_point(marks, byte);
        }
        sg_vec_push(&marks->checkpoints, (uint32_t)byte);
    }
    if (wanted >= marks->checkpoints.len) {
        wanted = marks->checkpoints.len - 1;
    }
    marks->point = wanted * SG_MARKS_STEP;
    marks->byte = marks->checkpoints.items[wanted];
}

uint32_t sg_marks_byte(struct sg_marks *marks, size_t point) {
    if (marks->ascii) {
        return sg_marks_file(marks, point < marks->len ? point : marks->len);
    }
    if (point < marks->point || point - marks->point > SG_MARKS_STEP) {
        seek_checkpoint(marks, point);
    }
    while (marks->point < point && marks->byte < marks->len) {
        marks->byte = next_point(marks, marks->byte);
        marks->point++;
    }
    return sg_marks_file(marks, marks->byte);
}
