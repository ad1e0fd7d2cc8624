/* The hot loop: take all that waits with one system call; decrypt and find the payload; copy a canonical packet for each
   subscriber, patch what differs, encrypt, send all with one system call. Field for field what udp.py, rtp.py and
   forward.py do; the same tests run on both. */
#define _GNU_SOURCE
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define BATCH 64
#define ROOM 2048
#define LONGEST (ROOM - 144)
#define LEVEL 1
#define TRANSPORT_SEQUENCE 2
#define SILENCE 127
#define KEPT 2048

typedef struct {
    uint64_t at, size;
} departure_t;

typedef struct {
    uint32_t next, spare;
    departure_t kept[KEPT];
} sent_t;

typedef struct {
    uint32_t payload_type, ssrc, extension;
    uint32_t sequence_offset, timestamp_offset, picture_offset, tl0_offset;
    uint32_t last_sequence, last_timestamp, last_picture, last_tl0;
    uint64_t packets, octets, drops;
    void *context;
    sent_t *sent;
    uint32_t address_length;
    uint8_t address[28];
} copy_t;

typedef struct {
    uint8_t address[28];
    uint16_t length, spare;
} came_t;

typedef struct {
    int32_t length, payload_at, level, sequence;
} opened_t;

typedef int (*protect_t)(void *context, void *packet, int *length);

static uint8_t buffers[BATCH][ROOM];
static struct mmsghdr messages[BATCH];
static struct iovec pieces[BATCH];

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

static uint64_t microseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Give the copy the next number of its viewer, and remember when it left. */
static void number(uint8_t *b, sent_t *sent, int size, uint64_t now)
{
    departure_t *departure = &sent->kept[sent->next % KEPT];
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

static void flush(int descriptor, copy_t **sent, int count)
{
    int done = 0;
    while (done < count) {
        int taken = sendmmsg(descriptor, messages + done, count - done, MSG_DONTWAIT);
        if (taken <= 0)
            sent[done++]->drops++;
        else
            done += taken;
    }
}

int forward(const uint8_t *packet, int size, copy_t **copies, int count, void *protect, int descriptor, int picture_at,
            int tl0_at)
{
    copy_t *sent[BATCH];
    int filled = 0;
    uint64_t now = 0;
    uint32_t sequence = packet[2] << 8 | packet[3];
    uint32_t timestamp = (uint32_t)packet[4] << 24 | packet[5] << 16 | packet[6] << 8 | packet[7];
    if (size > LONGEST || size < 20)
        return -1;
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
        pieces[filled].iov_base = b;
        pieces[filled].iov_len = length;
        memset(&messages[filled], 0, sizeof messages[filled]);
        messages[filled].msg_hdr.msg_name = copy->address;
        messages[filled].msg_hdr.msg_namelen = copy->address_length;
        messages[filled].msg_hdr.msg_iov = &pieces[filled];
        messages[filled].msg_hdr.msg_iovlen = 1;
        sent[filled++] = copy;
        copy->last_sequence = own_sequence;
        copy->last_timestamp = own_timestamp;
        copy->packets++;
        copy->octets += size - 20;
        if (filled == BATCH) {
            flush(descriptor, sent, filled);
            filled = 0;
        }
    }
    flush(descriptor, sent, filled);
    return 0;
}

/* Take at most BATCH datagrams into `room`; where each came from stands in `came`. How many there were. */
int receive(int descriptor, came_t *came, uint8_t *room)
{
    static struct mmsghdr waiting[BATCH];
    static struct iovec places[BATCH];
    memset(came, 0, BATCH * sizeof *came);
    for (int i = 0; i < BATCH; i++) {
        places[i].iov_base = room + i * ROOM;
        places[i].iov_len = ROOM;
        memset(&waiting[i], 0, sizeof waiting[i]);
        waiting[i].msg_hdr.msg_name = came[i].address;
        waiting[i].msg_hdr.msg_namelen = sizeof came[i].address;
        waiting[i].msg_hdr.msg_iov = &places[i];
        waiting[i].msg_hdr.msg_iovlen = 1;
    }
    int taken = recvmmsg(descriptor, waiting, BATCH, MSG_DONTWAIT, 0);
    for (int i = 0; i < taken; i++)
        came[i].length = waiting[i].msg_len;
    return taken;
}

static void read_elements(const uint8_t *b, int at, int end, int wide, const uint8_t *meanings, opened_t *found)
{
    while (at < end) {
        int identifier, length, start;
        if (!b[at]) {
            at++;
            continue;
        }
        if (wide) {
            if (at + 2 > end)
                break;
            identifier = b[at];
            length = b[at + 1];
            start = at + 2;
        } else {
            identifier = b[at] >> 4;
            length = (b[at] & 15) + 1;
            start = at + 1;
            if (identifier == 15)
                break;
        }
        at = start + length;
        if (at > end)
            break;
        if (meanings[identifier] == LEVEL)
            found->level = length ? b[start] & 127 : SILENCE;
        else if (meanings[identifier] == TRANSPORT_SEQUENCE)
            found->sequence = length < 2 ? -1 : b[start] << 8 | b[start + 1];
    }
}

/* Decrypt `packet` into `clear` and read its extensions: 0, or 1 when it is forged or damaged. */
int open_packet(void *unprotect, void *context, const uint8_t *packet, int length, uint8_t *clear,
                const uint8_t *meanings, opened_t *found)
{
    if (length < 12 || length > ROOM)
        return 1;
    memcpy(clear, packet, length);
    if (((protect_t)unprotect)(context, clear, &length))
        return 1;
    int at = 12 + 4 * (clear[0] & 15);
    *found = (opened_t){length, at, SILENCE, -1};
    if (!(clear[0] & 16))
        return at > length;
    if (at + 4 > length)
        return 1;
    int profile = clear[at] << 8 | clear[at + 1], wide = (profile & 0xfff0) == 0x1000;
    int end = at + 4 + 4 * (clear[at + 2] << 8 | clear[at + 3]);
    found->payload_at = end;
    if (end > length)
        return 1;
    if (wide || profile == 0xbede)
        read_elements(clear, at + 4, end, wide, meanings, found);
    return 0;
}
