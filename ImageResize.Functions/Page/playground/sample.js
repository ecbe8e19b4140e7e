// An image to begin with, drawn in this browser: gradients, edges and small text, in which differences of quality are easy to see.

const Width = 1600;
const Height = 1067;

/** @returns {Promise<File>} */
export async function drawSample() {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Width, Height];
  const draw = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const sky = draw.createLinearGradient(0, 0, 0, Height);
  [["#1b3a6b", 0], ["#e08a5b", 0.55], ["#f6d9a8", 0.72], ["#24343f", 0.73], ["#0f1a22", 1]].forEach(([color, at]) => sky.addColorStop(Number(at), String(color)));
  draw.fillStyle = sky;
  draw.fillRect(0, 0, Width, Height);

  const sun = draw.createRadialGradient(1130, 640, 20, 1130, 640, 330);
  sun.addColorStop(0, "#fff6dc");
  sun.addColorStop(0.22, "#ffe2a0");
  sun.addColorStop(1, "rgba(255, 190, 110, 0)");
  draw.fillStyle = sun;
  draw.fillRect(700, 250, 900, 530);

  [["#5d6f86", 560, 190, 3], ["#40546b", 640, 130, 5], ["#2a3b4d", 705, 80, 8]].forEach(([color, base, height, waves], layer) => {
    draw.fillStyle = String(color);
    draw.beginPath();
    draw.moveTo(0, Height);
    for (let x = 0; x <= Width; x += 4) {
      const y = Number(base) - Number(height) * Math.abs(Math.sin((x / Width) * Number(waves) * Math.PI + layer)) + 9 * Math.sin(x / 17 + layer);
      draw.lineTo(x, y);
    }
    draw.lineTo(Width, 782);
    draw.lineTo(0, 782);
    draw.fill();
  });

  for (let i = 0; i < 260; i++) {
    draw.fillStyle = `rgba(255, 226, 170, ${0.05 + (i % 7) / 50})`;
    draw.fillRect((i * 397) % Width, 790 + ((i * 61) % 270), 40 + ((i * 53) % 150), 2);
  }
  draw.fillStyle = "#f4efe4";
  draw.font = "600 74px system-ui, sans-serif";
  draw.fillText("ImageResize", 90, 150);
  draw.font = "26px system-ui, sans-serif";
  draw.fillText("Small text and fine lines show what a format and its quality do.", 92, 200);
  draw.strokeStyle = "rgba(255, 255, 255, 0.8)";
  for (let i = 0; i < 40; i++) {
    draw.strokeRect(92.5 + i * 5, 232.5, 2, 34);
  }
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.94));
  return new File([/** @type {Blob} */ (blob)], "sample.jpg", { type: "image/jpeg" });
}
