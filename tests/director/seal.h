/* seal.h - the seal on every line between the runner and the director.
 *
 * A student's program shares a machine with the director and may try to
 * answer in its place. So the runner gives the director a random key before
 * it starts anything, and both put a SipHash-2-4 of that key and the line in
 * front of every line. Both sides include this file; it needs C17 alone.
 */
#ifndef NPLAB_SEAL_H
#define NPLAB_SEAL_H

#include <stddef.h>
#include <stdint.h>

#define SEAL_DIGITS 16 /* a seal is 16 hexadecimal digits and one space */

struct seal_key {
    uint64_t half[2];
};

static inline uint64_t seal_rotate(uint64_t x, unsigned bits)
{
    return (x << bits) | (x >> (64u - bits));
}

static inline void seal_rounds(uint64_t v[4], int rounds)
{
    for (int i = 0; i < rounds; i++) {
        v[0] += v[1];
        v[1] = seal_rotate(v[1], 13) ^ v[0];
        v[0] = seal_rotate(v[0], 32);
        v[2] += v[3];
        v[3] = seal_rotate(v[3], 16) ^ v[2];
        v[0] += v[3];
        v[3] = seal_rotate(v[3], 21) ^ v[0];
        v[2] += v[1];
        v[1] = seal_rotate(v[1], 17) ^ v[2];
        v[2] = seal_rotate(v[2], 32);
    }
}

/* The seal of size bytes of text under key. */
static inline uint64_t
seal_of(const struct seal_key *key, const char *text, size_t size)
{
    uint64_t v[4] = {key->half[0] ^ 0x736f6d6570736575u,
                     key->half[1] ^ 0x646f72616e646f6du,
                     key->half[0] ^ 0x6c7967656e657261u,
                     key->half[1] ^ 0x7465646279746573u};
    uint64_t word = 0;
    for (size_t i = 0; i < size; i++) {
        word |= (uint64_t)(unsigned char)text[i] << (8 * (i % 8));
        if (i % 8 == 7) {
            v[3] ^= word;
            seal_rounds(v, 2);
            v[0] ^= word;
            word = 0;
        }
    }
    word |= (uint64_t)size << 56;
    v[3] ^= word;
    seal_rounds(v, 2);
    v[0] ^= word;
    v[2] ^= 0xff;
    seal_rounds(v, 4);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* Writes the seal's digits to out, without a NUL. */
static inline void seal_write(uint64_t seal, char out[SEAL_DIGITS])
{
    for (int i = SEAL_DIGITS - 1; i >= 0; i--, seal >>= 4)
        out[i] = "0123456789abcdef"[seal & 15];
}

/* Whether digits begins with this seal. */
static inline int seal_matches(uint64_t seal, const char *digits)
{
    char want[SEAL_DIGITS];
    seal_write(seal, want);
    unsigned difference = 0;
    for (int i = 0; i < SEAL_DIGITS; i++)
        difference |= (unsigned char)(want[i] ^ digits[i]);
    return difference == 0;
}

#endif
