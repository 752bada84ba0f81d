module.exports = require('coherence-ts')
