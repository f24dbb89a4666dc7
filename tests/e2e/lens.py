"""How does one phone film another's screen? Real pictures of the sender's page, through a lens that turns and blurs them a little."""

import base64
import time

from playwright.sync_api import BrowserContext

from tests.e2e.field import Phone

# Put before the application's own code: its camera is a canvas that shows what the test holds in front of it.
LENS = """
const eye = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 });
const glass = eye.getContext('2d');
window.hold = async (picture) => {
  const seen = new Image();
  seen.src = 'data:image/jpeg;base64,' + picture;
  await seen.decode();
  glass.filter = 'none';
  glass.fillStyle = '#8a8a86';
  glass.fillRect(0, 0, 1280, 720);
  glass.save();
  glass.translate(640, 360);
  glass.rotate(0.04);
  glass.filter = 'blur(0.7px) brightness(0.93) contrast(0.85)';
  glass.drawImage(seen, -320, -320, 640, 640);
  glass.restore();
};
navigator.mediaDevices.getUserMedia = async () => eye.captureStream(30);
"""
TAKEN = "收到了，签名核对无误"


def with_lens(context: BrowserContext) -> None:
    """From now on this phone's camera sees what is held before it."""
    context.add_init_script(LENS)


def film(sender: Phone, receiver: Phone) -> tuple[int, float]:
    """Hold the sender's screen before the receiver's camera until it has all; pictures shown, seconds filmed."""
    plate = sender.page.get_by_label("正在播放的记录，请用对方的相机拍")
    plate.wait_for()
    receiver.page.get_by_label("相机画面").wait_for()
    box = plate.bounding_box()
    assert box
    clip = {name: box[name] for name in ("x", "y", "width", "height")}
    done, began = receiver.page.get_by_text(TAKEN), time.monotonic()
    for shown in range(1, 120):
        picture = sender.page.screenshot(clip=clip, type="jpeg", quality=70)  # type: ignore[arg-type]
        receiver.page.evaluate("picture => hold(picture)", base64.b64encode(picture).decode())
        if done.count():
            return shown, time.monotonic() - began
        receiver.page.wait_for_timeout(40)
    raise AssertionError(receiver.page.inner_text("main"))
