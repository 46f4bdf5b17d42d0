package flink

import "regexp"

// hints say what to do next about a reason; the first that fits counts.
var hints = []struct {
	reason *regexp.Regexp
	text   string
}{
	{regexp.MustCompile(`^unexpected "\\""`), "Flink writes names in back quotes (`name`) and text in single quotes ('text')"},
	{regexp.MustCompile(`^unexpected "\$"`), "a parameter is written ${name}"},
	{regexp.MustCompile(`^unexpected `), "see whether a comma, a bracket or a keyword is missing before it; a name that is a keyword of SQL needs back quotes"},
	{regexp.MustCompile(`ends too early$|ends too early,`), "see whether a bracket is still open, or whether a semicolon stands too early"},
	{regexp.MustCompile(`^Object '.*' not found|^Cannot find table`), "is its CREATE TABLE run above, in the same session? Tables last as long as the session that made them"},
	{regexp.MustCompile(`^Column '.*' not found|^Unknown identifier`), "compare it with the columns of the CREATE TABLE; DESCRIBE tells them"},
	{regexp.MustCompile(`^No match found for function signature`), "SHOW FUNCTIONS lists the functions; see the types of what is given to it too"},
	{regexp.MustCompile(`Could not find any factory for identifier`), "the identifiers that Flink lists are all that it has loaded: compare 'connector' and 'format' with them"},
	{regexp.MustCompile(`do not contain an option key 'connector'`), "add 'connector' = '…' to the table's WITH (…)"},
	{regexp.MustCompile(`^Unsupported options found`), "see the spelling of the option in the table's WITH (…)"},
	{regexp.MustCompile(`required options are missing|Could not find required`), "add the option to the table's WITH (…)"},
	{regexp.MustCompile(`already exists`), "DROP it first, or CREATE … IF NOT EXISTS"},
	{regexp.MustCompile(`^Column types of query result and sink`), "the SELECT has to give the table's columns in their order and of their types; CAST those that differ"},
	{regexp.MustCompile(`requires the timecol|time attribute`), "a window wants a TIMESTAMP(3) or TIMESTAMP_LTZ(3) column with a WATERMARK in the CREATE TABLE"},
	{regexp.MustCompile(`^Call to auxiliary group function`), "make windows first: SELECT window_start, … FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(event_time), INTERVAL '10' SECOND)) GROUP BY window_start, window_end"},
	{regexp.MustCompile(`^Cannot apply`), "DESCRIBE tells the columns' types; CAST what has another type than the function takes"},
	{regexp.MustCompile(`UnknownTopicOrPartitionException`), "does the topic exist? It is made by the first that writes to it, or before; the job tries again until it does"},
	{regexp.MustCompile(`^NumberFormatException`), "TRY_CAST gives NULL where CAST fails"},
	{regexp.MustCompile(`/ by zero`), "divide by NULLIF(x, 0), which gives NULL for 0"},
	{regexp.MustCompile(`(Failed|Fail) to deserialize|deserialize JSON`), "compare a message of the topic with the table's columns; 'json.ignore-parse-errors' = 'true' skips what is no JSON, but makes NULL of a field that doesn't fit its column"},
	{regexp.MustCompile(`(?i)connection refused|timed out|TimeoutException|UnknownHostException`), "does the server run that the table's WITH (…) names? `lab status` tells"},
}

func hint(reason string) string {
	for _, h := range hints {
		if h.reason.MatchString(reason) {
			return h.text
		}
	}
	return ""
}
