/**
 * The functions of a job that decode JSON, in reading order. Each rule of `decode` answers a way in which Spark's
 * from_json lets a broken event pass as a row of nulls or with a tail it never read.
 */
export function emitDecode(hasRequired: boolean): readonly string[] {
  return [decodeHead + (hasRequired ? requiredFields : '') + decodeTail, deadLetter, isUtf8];
}

const decodeHead = `\
def decode(events):
    """The declared fields of each event; _dead_letter is set on those that cannot be read."""
    readable = (F.col("size") <= MAX_EVENT_BYTES) & is_utf8(F.col("value").cast("string"))
    texts = events.withColumn("text", F.when(readable, F.col("value").cast("string")))

    # Read as a list of the event and a mark of ours: read alone, an object may be followed by
    # anything ({"id": 1} oops), and Spark would pass over it in silence. The name of the mark is
    # random, so that no event can hold it, or close the list and open another one.
    mark = f"mark_{secrets.token_hex(8)}"
    parsed = F.from_json(
        F.concat(F.lit(f'{{"{mark}": ['), "text", F.lit(f', {{"{mark}": true}}]}}')),
        f"STRUCT<{mark}: ARRAY<STRUCT<{EVENT_FIELDS}, {mark}: BOOLEAN>>, _corrupt: STRING>",
        {"columnNameOfCorruptRecord": "_corrupt", "allowSingleQuotes": "false"},
    )
    one = texts.withColumn("parsed", parsed).withColumn("event", F.get(f"parsed.{mark}", F.lit(0)))

    reason = (
        F.when(F.col("size") > MAX_EVENT_BYTES, f"larger than {MAX_EVENT_BYTES} bytes")
        .when(F.col("value").isNull(), "no value")
        .when(F.col("text").isNull(), "not UTF-8")
        .when(F.col("event").isNull() & is_blank(F.col("text")), "empty")
        .when(F.col("event").isNull(), "not a JSON object")
        .when(F.col("parsed._corrupt").isNotNull(), "a field is not of its declared type")
        .when(F.size(f"parsed.{mark}") > 2, "more than one JSON object")
        .when(F.get(f"parsed.{mark}", F.lit(1))[mark].isNull(), "text after the JSON object")
    )
`;

const requiredFields = `\
    for field in REQUIRED_FIELDS:
        reason = reason.when(F.col(f"event.{field}").isNull(), f"required field {field} is missing")

`;

const decodeTail = `\
    return (
        one.withColumn("reason", reason)
        .withColumn("_dead_letter", F.when(F.col("reason").isNotNull(), dead_letter()))
        .select("event.*", "_dead_letter")
        .drop(mark)
    )`;

const deadLetter = `\
def dead_letter():
    """One JSON line that keeps the event as it came: as text, or in base64 when it is not UTF-8."""
    is_text = is_utf8(F.col("value").cast("string"))
    return F.to_json(
        F.struct(
            "reason",
            "origin.*",
            F.when(is_text, F.col("value").cast("string")).alias("value"),
            F.when(~is_text, F.base64("value")).alias("valueBase64"),
        )
    )`;

const isUtf8 = `\
def is_blank(text):
    """True where a text holds nothing but the white space of JSON."""
    return F.btrim(text, F.lit(" \\t\\r\\n")) == ""


def is_utf8(text):
    """True where the bytes of a text are proper UTF-8."""
    if hasattr(F, "is_valid_utf8"):
        return F.is_valid_utf8(text)
    # Spark 3.5: a round trip through UTF-16 replaces bad bytes, so only a good text comes back.
    return F.decode(F.encode(text, "UTF-16BE"), "UTF-16BE") == text`;
