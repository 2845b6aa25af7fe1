import { decodeBatch } from "./protocol.js";

// The WebSocket to the viewer's server: opens again by itself, and acknowledges batches, by which the server sees a slow page.
export class Connection {
  constructor(handlers) {
    this.handlers = handlers;
    this.wait = 250;
    this.open();
  }

  open() {
    const socket = new WebSocket(`ws://${location.host}/stream`);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    this.received = 0;
    this.acknowledged = 0;
    socket.onopen = () => {
      this.wait = 250;
      this.handlers.opened();
    };
    socket.onmessage = ({ data }) => this.take(data);
    socket.onclose = () => {
      this.handlers.closed();
      setTimeout(() => this.open(), this.wait);
      this.wait = Math.min(2 * this.wait, 4000);
    };
  }

  take(data) {
    if (typeof data === "string") {
      const message = JSON.parse(data);
      this.handlers[message.type]?.(message);
      return;
    }
    this.handlers.spikes(decodeBatch(data));
    this.received += 1;
    if (this.received - this.acknowledged >= 4) {
      this.acknowledged = this.received;
      this.send({ ack: this.received });
    }
  }

  send(message) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }
}
