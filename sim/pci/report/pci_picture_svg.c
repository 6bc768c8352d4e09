/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The picture to look at: a tree that grows to the right. A bus is a vertical
 * line with its number on top, functions hang to its right, and a bridge leads
 * on to the line of the bus behind it. A function takes the height of its box or
 * of all that is behind it, whichever is more, so nothing overlaps.
 */
#include "sim/pci/report/pci_picture.h"

#include <stdlib.h>

/* In pixels. */
enum {
    MARGIN = 24,
    BOX_WIDTH = 264,
    TITLE_HEIGHT = 20,
    LINE_HEIGHT = 14,
    BOX_PADDING = 6,
    BOX_GAP = 10,       /* below a box */
    BUS_TO_BOX = 26,    /* from the line of a bus to the boxes */
    BOX_TO_BUS = 62,    /* from a bridge's box to the line of the bus behind it */
    BUS_LABEL = 22,     /* above the first box of a root bus */
    BUS_OVERHANG = 6,   /* of the line of a bus, beyond the first and the last function */
    LABEL_GAP = 8,      /* from a bridge's box to the number of the bus behind it */
    SEGMENT_HEIGHT = 30 /* headline of a segment */
};

struct drawing {
    const struct sim_pci_picture *picture;
    const struct sim_pci_segment *segment;
    FILE *file;
    int right, bottom; /* farthest that anything reaches */
};

static void write_escaped(const char *text, FILE *file)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;

        switch (c) {
        case '&':
            (void)fputs("&amp;", file);
            break;
        case '<':
            (void)fputs("&lt;", file);
            break;
        case '>':
            (void)fputs("&gt;", file);
            break;
        default:
            (void)fputc(c < 0x20 || c > 0x7e ? '?' : c, file);
        }
    }
}

/* Colour of a box's headline. Base classes: [PCI 3.0] appendix D. */
static const char *colour(uint8_t base_class)
{
    switch (base_class) {
    case 0x01:
        return "#2e7d4f"; /* storage */
    case 0x02:
    case 0x0d:
        return "#b8641c"; /* networks */
    case 0x03:
        return "#7b3fa0"; /* display */
    case 0x04:
        return "#b03a6e"; /* multimedia */
    case 0x06:
        return "#3b5b8c"; /* bridges */
    case 0x0c:
        return "#1f7a80"; /* serial buses */
    default:
        return "#5a5f66";
    }
}

static int box_height(const struct sim_pci_box *box)
{
    return TITLE_HEIGHT + (int)box->line_count * LINE_HEIGHT + 2 * BOX_PADDING;
}

static void draw_line(struct drawing *drawing, const int from[2], const int to[2])
{
    (void)fprintf(drawing->file, "<path d=\"M%d %dL%d %d\"/>\n", from[0], from[1], to[0], to[1]);
}

static void draw_box(struct drawing *drawing, const struct sim_pci_box *box, int x, int y)
{
    static const char *const classes[] = {
        [SIM_PCI_BOX_CLASS] = "class",   [SIM_PCI_BOX_NAME] = "name", [SIM_PCI_BOX_LINK] = "link",
        [SIM_PCI_BOX_WINDOW] = "window", [SIM_PCI_BOX_BAR] = "bar",
    };
    FILE *file = drawing->file;
    const char *paint = colour(box->base_class);
    int height = box_height(box);

    (void)fprintf(file,
                  "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\" class=\"box\" "
                  "stroke=\"%s\"/>\n",
                  x, y, BOX_WIDTH, height, paint);
    (void)fprintf(
        file, "<path d=\"M%d %dv-%dq0 -4 4 -4h%dq4 0 4 4v%dz\" style=\"fill:%s;stroke:none\"/>\n",
        x, y + TITLE_HEIGHT, TITLE_HEIGHT - 4, BOX_WIDTH - 8, TITLE_HEIGHT - 4, paint);
    (void)fprintf(file, "<text x=\"%d\" y=\"%d\" class=\"title\">%s</text>\n", x + BOX_PADDING,
                  y + 14, box->title.text);
    for (unsigned int i = 0; i < box->line_count; i++) {
        (void)fprintf(file, "<text x=\"%d\" y=\"%d\" class=\"%s\">", x + BOX_PADDING,
                      y + TITLE_HEIGHT + BOX_PADDING + 10 + (int)i * LINE_HEIGHT,
                      classes[box->lines[i].kind]);
        write_escaped(box->lines[i].text, file);
        (void)fputs("</text>\n", file);
    }
    if (x + BOX_WIDTH > drawing->right) {
        drawing->right = x + BOX_WIDTH;
    }
    if (y + height > drawing->bottom) {
        drawing->bottom = y + height;
    }
}

static void draw_number(struct drawing *drawing, unsigned int bus, int x, int y)
{
    (void)fprintf(drawing->file, "<text x=\"%d\" y=\"%d\" class=\"number\">bus %02x</text>\n", x, y,
                  bus);
}

/* Draw a bus and all behind it: its line at x, its first box at y; returns where the next may be. */
static int draw_bus(struct drawing *drawing, unsigned int bus, int x, int y)
{
    const struct sim_pci_segment *segment = drawing->segment;
    int next = y;
    int last_joint = y + TITLE_HEIGHT / 2;

    for (size_t i = segment->bus_start[bus]; i < segment->bus_start[bus + 1]; i++) {
        const struct sim_pci_function *function = &drawing->picture->topology->functions[i];
        const struct sim_pci_box *box = sim_pci_picture_box(drawing->picture, function);
        int top = next;

        if (box == NULL) {
            continue;
        }
        last_joint = top + TITLE_HEIGHT / 2;
        draw_line(drawing, (int[]){x, last_joint}, (int[]){x + BUS_TO_BOX, last_joint});
        draw_box(drawing, box, x + BUS_TO_BOX, top);
        next = top + box_height(box) + BOX_GAP;
        if (function->behind >= 0) {
            int right = x + BUS_TO_BOX + BOX_WIDTH;
            int end = draw_bus(drawing, (unsigned int)function->behind, right + BOX_TO_BUS, top);

            draw_line(drawing, (int[]){right, last_joint}, (int[]){right + BOX_TO_BUS, last_joint});
            draw_number(drawing, (unsigned int)function->behind, right + LABEL_GAP, last_joint - 5);
            next = end > next ? end : next;
        }
    }
    (void)fprintf(drawing->file, "<path class=\"bus\" d=\"M%d %dV%d\"/>\n", x,
                  y + TITLE_HEIGHT / 2 - BUS_OVERHANG, last_joint + BUS_OVERHANG);
    if (x + BUS_TO_BOX > drawing->right) {
        drawing->right = x + BUS_TO_BOX;
    }
    return next;
}

static int draw_segment(struct drawing *drawing, int y)
{
    if (sim_pci_topology_segments(drawing->picture->topology) == SIM_PCI_SEGMENTS_SHOWN) {
        (void)fprintf(drawing->file,
                      "<text x=\"%d\" y=\"%d\" class=\"segment\">segment %04x</text>\n", MARGIN,
                      y + 16, drawing->segment->number);
        y += SEGMENT_HEIGHT;
    }
    for (unsigned int bus = 0; bus < SIM_PCI_BUSES; bus++) {
        if (drawing->segment->is_root[bus]) {
            draw_number(drawing, bus, MARGIN - 6, y + 12);
            y = draw_bus(drawing, bus, MARGIN, y + BUS_LABEL) + BOX_GAP;
        }
    }
    return y;
}

static void write_head(const struct drawing *drawing, FILE *file)
{
    (void)fprintf(
        file,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"%d\" height=\"%d\">\n"
        "<style>\n"
        "text{font:11px ui-monospace,Menlo,Consolas,\"DejaVu Sans Mono\",monospace;fill:#24292f}\n"
        ".title{font-weight:bold;fill:#fff}.class{fill:#57606a}.name{font-weight:bold}\n"
        ".link{fill:#0b5cad}.window{fill:#3b5b8c}.bar{fill:#57606a}\n"
        ".number{font-weight:bold;fill:#3b5b8c}.segment{font-weight:bold;font-size:15px}\n"
        ".box{fill:#fff;stroke-width:1.2}path{fill:none;stroke:#8c959f;stroke-width:1.2}\n"
        ".bus{stroke:#3b5b8c;stroke-width:4;stroke-linecap:round}\n"
        "</style>\n"
        "<rect width=\"100%%\" height=\"100%%\" fill=\"#f6f8fa\"/>\n",
        drawing->right + MARGIN, drawing->bottom + MARGIN);
}

int sim_pci_picture_svg(const struct sim_pci_picture *picture, FILE *file, struct sim_error *error)
{
    char *body = NULL;
    size_t length = 0;
    struct drawing drawing = {picture, NULL, open_memstream(&body, &length), 0, 0};
    int y = MARGIN;
    int result = 0;

    if (drawing.file == NULL) {
        return sim_error_set(error, "no memory for a picture");
    }
    for (size_t i = 0; i < picture->topology->segment_count; i++) {
        drawing.segment = &picture->topology->segments[i];
        y = draw_segment(&drawing, y);
    }
    if (fclose(drawing.file) != 0) {
        result = sim_error_set(error, "no memory for a picture");
    } else {
        write_head(&drawing, file);
        (void)fwrite(body, 1, length, file);
        (void)fputs("</svg>\n", file);
    }
    free(body);
    return result;
}
