/* director.h - what the parts of the director share.
 *
 * The director is the one program that the runner starts in a private
 * Windows. It does what it is told, one request line after another, and
 * reports what happened. It knows no expected value and gives no verdict.
 *
 * A line is  SEAL NUMBER VERB FIELDS...  and its answer is  SEAL NUMBER ok
 * FIELDS...  or  SEAL NUMBER error CODE . Fields are decimal numbers, or
 * bytes in hexadecimal ("-" for none; texts are UTF-8). NUMBER counts from 1.
 */
#ifndef NPLAB_DIRECTOR_H
#define NPLAB_DIRECTOR_H

#include <windows.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An error that no Win32 call gives: the deadline passed. */
#define TIMED_OUT 0x10000u

/* ---- protocol.c: requests and answers ------------------------------------ */

/* Memory that lives until the request is answered. Never NULL. */
void *scratch(size_t size);

/* The next field of the request. A request that lacks it is a fault of the
 * kit: the director ends with a line on standard error. */
uint64_t take_number(void);
uint32_t take_code(void);
bool take_flag(void);
unsigned char *take_bytes(size_t *size); /* NUL-terminated, NULL for "-" */
wchar_t *take_text(void);                /* NULL for "-" */

/* The answer is "ok" followed by what is added here, unless answer_error. */
void answer_number(uint64_t number);
void answer_bytes(const void *bytes, size_t size);
void answer_text(const wchar_t *text);
void answer_utf8(const char *text);
void answer_error(DWORD err);

/* Reads a request and finds its verb; false when the runner hung up. */
bool next_request(const char **verb);
void send_answer(void);
/* The first line: the key, and how many processes and threads there may be
 * in this Windows (0: no limit of ours). */
unsigned receive_key(void);
/* Ends the director: something is wrong that no student can have caused. */
void give_up(const char *what, DWORD err) __attribute__((noreturn));

/* ---- deadlines -------------------------------------------------------------
 */

typedef uint64_t moment; /* milliseconds of GetTickCount64 */
moment after(uint64_t ms);
DWORD left_until(moment deadline); /* 0 when it has passed */

/* ---- places
 * ------------------------------------------------------------------ */

const wchar_t *lab_folder(void);  /* where the programs are: C:\lab */
const wchar_t *work_folder(void); /* where they start: C:\work */
wchar_t *in_folder(const wchar_t *folder, const wchar_t *path); /* scratch */
wchar_t *in_work_folder(const wchar_t *path);                   /* scratch */
const wchar_t *record_path(void); /* the flight record */
bool on_wine(void);

/* ---- identity.c
 * ----------------------------------------------------------------- */

/* Finds the tokens of an identity ("lesser", "lacks:SID,..."; NULL is the
 * director's own, for which both handles are NULL). They stay ours. */
DWORD find_identity(const wchar_t *name, HANDLE *primary, HANDLE *thread);
DWORD wear(const wchar_t *name); /* puts the identity on this thread */
void undress(void);              /* RevertToSelf, or the director ends */
/* "Identification lacks S-1-5-4" into text, which has room for 1024. */
#define DESCRIPTION_SIZE 1024
void describe_token(HANDLE token, char *text);

/* Whether OpenThreadToken failed because the thread is anonymous: 1347. */
bool is_anonymous(DWORD err);

/* The rights for enum access of play.h. */
DWORD generic_rights(uint64_t access);
/* A security descriptor from SDDL; NULL sddl gives *sa without one. */
struct security {
    SECURITY_ATTRIBUTES attributes;
    PSECURITY_DESCRIPTOR descriptor;
};
DWORD make_security(const wchar_t *sddl, struct security *out);
void drop_security(struct security *security);

/* ---- protect.c
 * ------------------------------------------------------------------ */

void protect_director(void);
void admit_clients(void);
void limit_tasks(unsigned most);

/* ---- streams.c: a program's standard handles
 * ------------------------------------ */

#define STREAM_LIMIT (1024u * 1024u)
struct stream {
    HANDLE ours;
    uint64_t total;
    bool limitless; /* someone reads along, see lift_limit */
};
/* input: the program reads what we write; else we read what it writes. */
DWORD make_stream(struct stream *stream, bool input, HANDLE *theirs);
DWORD write_stream(struct stream *stream, const void *data, size_t size);
bool is_flooded(struct stream *stream);

/* ---- programs.c
 * -------------------------------------------------------------------- */

struct student {
    HANDLE process;
    DWORD pid;
    DWORD main_thread;
    struct stream in, out, err;
    HANDLE reached, go; /* of a held call, or NULL */
};
struct student *take_student(void);

void do_start(void);
void do_await_pipe(void);
void do_await_held(void);
void do_release(void);
void do_await_end(void);
void do_input(void);
void do_end_input(void);
void do_kill(void);
void do_lift_limit(void);
void do_output(void);
void do_errors(void);

/* watch.c, blocked.c, identity.c: a program seen from outside */
void do_measure(void);
void do_children(void);
void do_blocked(void);
void do_identities(void);
size_t threads_of(DWORD pid, DWORD *ids, size_t room);

/* peers.c */
void do_connect(void);
void do_listen(void);
void do_accept(void);
void do_become(void);
void do_write(void);
void do_read(void);
void do_transact(void);
void do_who(void);
void do_hang_up(void);
void do_disconnect(void);
/* Opens a pipe; on 231 and 2 tries again until the deadline. */
DWORD open_pipe(const wchar_t *name,
                DWORD access,
                DWORD flags,
                moment deadline,
                HANDLE *out);
/* Waits for overlapped I/O; past the deadline it cancels it. Returns 0, the
 * Win32 code or TIMED_OUT, and how many bytes went over in any case. */
DWORD finish_io(
    HANDLE file, OVERLAPPED *io, BOOL started, moment deadline, DWORD *bytes);

/* crowd.c */
void do_crowd(void);

/* files.c */
void do_put_file(void);
void do_get_file(void);
void do_make_folder(void);
void do_list_folder(void);
void do_security_of(void);
void do_try_file(void);
void do_pipe_security(void);
void do_flight_record(void);
void do_hello(void);

#endif
