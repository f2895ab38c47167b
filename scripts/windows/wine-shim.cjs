// Loaded into every Node under Wine: Wine 8 lacks the socket option TCP_KEEPALIVE, with which a connection fails there.
require('node:net').Socket.prototype.setKeepAlive = function () {
  return this
}
