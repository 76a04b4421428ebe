/* svg.c - a flight record as a picture: its measures and frame. */
#include "picture.h"

#include <stdlib.h>
#include <string.h>

/* SUBTITLE: columns of the line below the title, without the pipe's path.
 * SMALLEST: the legend needs as much. */
enum { SUBTITLE = 116, ROWS_PER_HEAD = 45, SMALLEST = 944, LEGEND_LINE = 19 };

/* Text is set in a fixed-width font; none in use is wider than this. */
static int columns_width(size_t columns)
{
    return (int)(columns * 73 / 10);
}

int lane_x(const struct picture *picture, size_t lane)
{
    return picture->lanes_x + (int)lane * picture->pitch + picture->pitch / 2;
}

int between_y(const struct picture *picture, size_t row)
{
    return row == 0 ? picture->lanes_y : picture->y[row - 1] + ROW / 3;
}

static int greater(int a, int b)
{
    return a > b ? a : b;
}

static int longest_label(const struct model *model)
{
    size_t most = 0;
    for (size_t row = 0; row < model->flight.count; row++) {
        struct text rest = {0};
        add_rest(&rest, model, row, "…");
        size_t columns = text_columns(model->flight.events[row].call) +
                         (rest.bytes != NULL ? text_columns(rest.bytes) : 0);
        most = columns > most ? columns : most;
        free(rest.bytes);
    }
    for (size_t i = 0; i < model->finding_count; i++) {
        size_t columns = text_columns(model->findings[i].text) + 6;
        most = columns > most ? columns : most;
    }
    return columns_width(most);
}

static void place_rows(struct picture *picture)
{
    const struct model *model = picture->model;
    size_t finding = 0, since_head = 0;
    int y = picture->lanes_y;
    for (size_t row = 0; row < model->flight.count; row++) {
        if (since_head++ == ROWS_PER_HEAD) {
            picture->head_y[row] = y + 4;
            y += HEAD + 8;
            since_head = 0;
        }
        if (gap_before(model, row) > 0) {
            picture->break_y[row] = y + BREAK / 2;
            y += BREAK;
        }
        picture->y[row] = y + ROW / 2;
        y += ROW;
        for (; finding < model->finding_count &&
               model->findings[finding].row == row;
             finding++)
            y += FINDING;
    }
    picture->bottom = y + 4;
    picture->height = picture->bottom + MARGIN;
}

static void measure(struct picture *picture)
{
    const struct model *model = picture->model;
    size_t lanes = model->lane_count;
    picture->pitch = lanes <= 4 ? 104 : lanes <= 8 ? 84 : 74;
    picture->lanes_x = MARGIN + TIME_WIDTH;
    picture->label_x =
        picture->lanes_x + (int)lanes * picture->pitch + CHIP + 12;
    picture->width = picture->label_x + longest_label(model) + MARGIN;
    int title = MARGIN * 2 + 12 * (int)text_columns(picture->title);
    int pipe = model->pipe == NULL ? 0 : (int)text_columns(model->pipe);
    int subtitle = MARGIN * 2 + columns_width((size_t)pipe + SUBTITLE);
    picture->width = greater(picture->width, SMALLEST);
    picture->width = greater(picture->width, greater(title, subtitle));
    picture->legend_y = MARGIN + 52;
    size_t left = 5;
    for (size_t i = 0; i < model->identity_count; i++)
        left += sharers(model, &model->identities[i]) > 0 ? 1 : 0;
    picture->lanes_y =
        picture->legend_y + (int)(left > 7 ? left : 7) * LEGEND_LINE + HEAD + 8;
    place_rows(picture);
}

static void add_description(struct text *out, const struct model *model)
{
    text_add(out,
             "<desc>%zu calls of %zu threads, from top to bottom in the "
             "order of time.",
             model->flight.count,
             model->lane_count);
    for (size_t i = 0; i < model->identity_count; i++) {
        struct text words = {0};
        if (sharers(model, &model->identities[i]) == 0)
            continue;
        add_identity(&words, model, &model->identities[i]);
        text_add(out, " ");
        add_name(out, model, &model->identities[i]);
        text_add(out, " is ");
        text_add_xml(out, words.bytes);
        text_add(out, ".");
        free(words.bytes);
    }
    for (size_t i = 0; i < model->finding_count; i++) {
        text_add(out, " Stands out: ");
        text_add_xml(out, model->findings[i].text);
        text_add(out, ".");
    }
    text_add(out, "</desc>\n");
}

static void draw_title(const struct picture *picture)
{
    struct text *out = picture->out;
    size_t findings = picture->model->finding_count;
    text_add(
        out, "<text class=\"title\" x=\"%d\" y=\"%d\">", MARGIN, MARGIN + 16);
    text_add_xml(out, picture->title);
    text_add(out,
             "</text>\n<text class=\"sub\" x=\"%d\" y=\"%d\">",
             MARGIN,
             MARGIN + 36);
    if (picture->model->pipe != NULL) {
        text_add(out, "pipe ");
        text_add_xml(out, picture->model->pipe);
        text_add(out,
                 " (#1: its first instance, @1: a client’s first open "
                 "of it). ");
    }
    if (findings == 0)
        text_add(out, "Nothing stands out by the rules of this tool.");
    else
        text_add(out,
                 "<tspan class=\"bold\">%zu thing%s out, marked "
                 "!</tspan>",
                 findings,
                 findings == 1 ? " stands" : "s stand");
    text_add(out, "</text>\n");
}

void draw_svg(const struct model *model, const char *title, struct text *out)
{
    size_t rows = model->flight.count;
    struct picture picture = {.model = model,
                              .out = out,
                              .title = title,
                              .y = new_array(rows, sizeof(int)),
                              .break_y = new_array(rows, sizeof(int)),
                              .head_y = new_array(rows, sizeof(int))};
    measure(&picture);
    text_add(out,
             "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" "
             "width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n<title>",
             picture.width,
             picture.height,
             picture.width,
             picture.height);
    text_add_xml(out, title);
    text_add(out, "</title>\n");
    add_description(out, model);
    draw_style(&picture);
    text_add(out, "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n");
    draw_title(&picture);
    draw_legend(&picture);
    draw_leaders(&picture);
    draw_bands(&picture);
    draw_borrowed(&picture);
    draw_breaks(&picture);
    draw_arrows(&picture);
    draw_letters(&picture);
    draw_marks(&picture);
    draw_labels(&picture);
    draw_heads(&picture);
    text_add(out, "</svg>\n");
    free(picture.y);
    free(picture.break_y);
    free(picture.head_y);
}
