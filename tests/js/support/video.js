/* A video for a unit test: it plays nothing, and is where it is put. */

/** On the page that is open; `more` is what the video should be just now. */
export function fakeVideo(more = {}) {
  const video = document.createElement("div");
  const played = [];
  return Object.assign(video, {
    currentTime: 0,
    paused: true,
    seeking: false,
    playbackRate: 1,
    readyState: 4,
    error: null,
    src: "",
    textTracks: Object.assign([], { addEventListener: (_, heard) => video.onTrack.push(heard) }),
    onTrack: [],
    played,
    play: async () => {
      played.push("play");
      video.paused = false;
    },
    pause: () => {
      played.push("pause");
      video.paused = true;
    },
    ...more,
  });
}
