/* Sends UDP packets at a steady rate and never catches up by more than a few milliseconds: flood ADDRESS PORT RATE SECONDS BYTES */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#define BATCH 50
/* Packets behind time that are still caught up with; what is later moves the whole schedule. */
#define MOST_BEHIND 300

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int count, char **words) {
  if (count != 6) return 2;
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(words[2]))};
  if (inet_pton(AF_INET, words[1], &to.sin_addr) != 1) return 2;
  double rate = atof(words[3]);
  long total = (long)(rate * atof(words[4]));
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0) return 1;
  static char payload[1472];
  size_t bytes = atoi(words[5]);
  if (bytes > sizeof payload) return 2;
  struct iovec piece = {payload, bytes};
  struct mmsghdr batch[BATCH] = {0};
  for (int i = 0; i < BATCH; i++) batch[i].msg_hdr = (struct msghdr){.msg_iov = &piece, .msg_iovlen = 1};
  double began = now(), start = began;
  struct timespec pause = {0, 200000};
  for (long sent = 0; sent < total;) {
    double due = (now() - start) * rate;
    if (due - sent > MOST_BEHIND) start += (due - sent - MOST_BEHIND) / rate;
    if (sent + BATCH > due) {
      nanosleep(&pause, NULL);
      continue;
    }
    int some = sendmmsg(fd, batch, BATCH, 0);
    if (some > 0) sent += some;
  }
  printf("%ld %.2f\n", total, now() - began);
  return 0;
}
