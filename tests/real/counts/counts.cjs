// Reads a JSON list of texts, writes the list of their weighted lengths as X's own library counts them.
const { parseTweet } = require("twitter-text");
let given = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (part) => { given += part; });
process.stdin.on("end", () => {
  process.stdout.write(JSON.stringify(JSON.parse(given).map((text) => parseTweet(text).weightedLength)));
});
