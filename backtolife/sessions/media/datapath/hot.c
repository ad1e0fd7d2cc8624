/* The way out: copy a canonical packet for each subscriber, patch what differs, encrypt, send many with one call.
   Field for field what loop_python.py does; the same tests run on both. */
#define _GNU_SOURCE
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include "hot.h"

#define LONGEST (LARGEST - 144)

typedef int (*protect_t)(void *context, void *packet, int *length);

static uint8_t buffers[BATCH][LARGEST];
static struct mmsghdr messages[BATCH];
static struct iovec pieces[BATCH];
static copy_t *filling[BATCH];
static int filled;

static void patch(uint8_t *b, const uint8_t *packet, copy_t *copy, uint32_t sequence, uint32_t timestamp)
{
    b[1] = (packet[1] & 128) | copy->payload_type;
    b[2] = sequence >> 8;
    b[3] = sequence;
    b[4] = timestamp >> 24;
    b[5] = timestamp >> 16;
    b[6] = timestamp >> 8;
    b[7] = timestamp;
    b[8] = copy->ssrc >> 24;
    b[9] = copy->ssrc >> 16;
    b[10] = copy->ssrc >> 8;
    b[11] = copy->ssrc;
    b[16] = copy->extension;
}

uint64_t microseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Give the copy the next number of its viewer, and remember when it left. */
static void number(uint8_t *b, sent_t *sent, int size, uint64_t now)
{
    departure_t *departure = &sent->kept[sent->next % DEPARTURES];
    departure->at = now;
    departure->size = size;
    b[17] = sent->next >> 8;
    b[18] = sent->next;
    sent->next++;
}

static void patch_vp8(uint8_t *b, copy_t *copy, int picture_at, int tl0_at)
{
    if (picture_at) {
        uint32_t picture = (((b[picture_at] & 127) << 8 | b[picture_at + 1]) + copy->picture_offset) & 0x7fff;
        b[picture_at] = 0x80 | picture >> 8;
        b[picture_at + 1] = picture;
        copy->last_picture = picture;
    }
    if (tl0_at) {
        b[tl0_at] += copy->tl0_offset;
        copy->last_tl0 = b[tl0_at];
    }
}

/* Send what is filled. */
void flush(int descriptor)
{
    int done = 0;
    while (done < filled) {
        int taken = sendmmsg(descriptor, messages + done, filled - done, MSG_DONTWAIT);
        if (taken <= 0)
            filling[done++]->drops++;
        else
            done += taken;
    }
    filled = 0;
}

static void fill(copy_t *copy, int length)
{
    struct msghdr *header = &messages[filled].msg_hdr;
    pieces[filled] = (struct iovec){buffers[filled], length};
    memset(header, 0, sizeof *header);
    header->msg_name = copy->address;
    header->msg_namelen = copy->address_length;
    header->msg_iov = &pieces[filled];
    header->msg_iovlen = 1;
    filling[filled++] = copy;
}

/* Fill in a copy of `packet` for each subscriber; a full batch is sent, the rest waits for `flush`. */
void spread(const uint8_t *packet, int size, copy_t **copies, int count, void *protect, int descriptor, int picture_at,
            int tl0_at)
{
    uint64_t now = 0;
    uint32_t sequence = packet[2] << 8 | packet[3];
    uint32_t timestamp = (uint32_t)packet[4] << 24 | packet[5] << 16 | packet[6] << 8 | packet[7];
    for (int i = 0; i < count; i++) {
        copy_t *copy = copies[i];
        uint32_t own_sequence = (sequence + copy->sequence_offset) & 0xffff;
        uint32_t own_timestamp = timestamp + copy->timestamp_offset;
        uint8_t *b = buffers[filled];
        int length = size;
        memcpy(b, packet, size);
        patch(b, packet, copy, own_sequence, own_timestamp);
        if (copy->sent)
            number(b, copy->sent, size, now ? now : (now = microseconds()));
        patch_vp8(b, copy, picture_at, tl0_at);
        if (((protect_t)protect)(copy->context, b, &length)) {
            copy->drops++;
            continue;
        }
        fill(copy, length);
        copy->last_sequence = own_sequence;
        copy->last_timestamp = own_timestamp;
        copy->packets++;
        copy->octets += size - 20;
        if (filled == BATCH)
            flush(descriptor);
    }
}

/* Send a copy of `packet` to each subscriber: 0, or -1 when it is too long or too short to be canonical. */
int forward(const uint8_t *packet, int size, copy_t **copies, int count, void *protect, int descriptor, int picture_at,
            int tl0_at)
{
    if (size > LONGEST || size < 20)
        return -1;
    spread(packet, size, copies, count, protect, descriptor, picture_at, tl0_at);
    flush(descriptor);
    return 0;
}
