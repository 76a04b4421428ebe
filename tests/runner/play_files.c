/* play_files.c - files, folders and descriptors as scenery. */
#include "play_internal.h"

#include <string.h>

static struct reply take_file(void)
{
    struct reply reply = {.error = (uint32_t)get_number()};
    struct text bytes = get_bytes();
    reply.bytes = (const unsigned char *)bytes.bytes;
    reply.size = bytes.size;
    return reply;
}

static const lesson STILL_OPEN = {
    .misconception = "M37",
    .why = "As long as a program has a file open, others can use it only as "
           "far as the program's share mode lets them. Who opens a file for a "
           "request closes it when the request is done.",
    .read = "README, the contract (the file); the CreateFile page "
            "(dwShareMode)"};

void put_file(const char *path, const void *data, size_t size, const char *sddl)
{
    line_begin("put_file");
    put_text(path);
    put_text(sddl);
    put_bytes(data == NULL ? "" : data, size);
    uint32_t code = perform(scaled(0));
    if (code == 32)
        fail(&STILL_OPEN,
             "between two requests others can write a new content to the file",
             "%s could not be written: %s. Some program still has it open.",
             path,
             code_text(code));
    if (code != 0)
        play_broken("The director could not write the file %s: %s.",
                    path,
                    code_text(code));
}

static const lesson NOT_SHARED = {
    .why = "A program that opens a file with share mode 0 is alone with it "
           "until it closes it: nobody can look into a log that a server keeps "
           "open so. With FILE_SHARE_READ others can read it.",
    .read = "README, the contract (the file); the CreateFile page "
            "(dwShareMode)"};

struct reply get_file(const char *path)
{
    line_begin("get_file");
    put_text(path);
    perform_surely(scaled(0), keep_text("read the file %s", path));
    struct reply reply = take_file();
    if (reply.error == 32)
        fail(&NOT_SHARED,
             "others can read the file while the server runs",
             "%s could not be read: %s. Some program has it open.",
             path,
             code_text(reply.error));
    return reply;
}

const char *flight_record(void)
{
    line_begin("flight_record");
    perform_surely(scaled(0), "read the flight record");
    return (const char *)take_file().bytes;
}

/* For a failure's message: NULL where flight_record would end the play. */
const char *recorded_so_far(void)
{
    line_begin("flight_record");
    if (perform(scaled(0)) != 0 || line_is_lost())
        return NULL;
    return (const char *)take_file().bytes;
}

void make_folder(const char *path, const char *sddl)
{
    line_begin("make_folder");
    put_text(path);
    put_text(sddl);
    perform_surely(scaled(0), keep_text("make the folder %s", path));
}

const char *list_folder(const char *path)
{
    line_begin("list_folder");
    put_text(path);
    perform_surely(scaled(0), keep_text("list the folder %s", path));
    return get_bytes().bytes;
}

const char *security_of(const char *path)
{
    line_begin("security_of");
    put_text(path);
    perform_surely(scaled(0), keep_text("read the security of %s", path));
    return get_bytes().bytes;
}

uint32_t try_file_as(identity as, const char *path, enum access access)
{
    line_begin("try_file");
    put_text(as);
    put_text(path);
    put_number(access);
    return perform(scaled(0));
}

uint32_t pipe_security(const char *pipe, const char **sddl)
{
    *sddl = "";
    line_begin("pipe_security");
    put_text(pipe == NULL ? PIPE : pipe);
    uint32_t code = perform(scaled(0));
    if (code == 0)
        *sddl = get_bytes().bytes;
    return code;
}
