package access

import "strings"

// JAAS quotes a text for a JAAS configuration, as Kafka reads it: what follows
// a backslash stands for itself.
func JAAS(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}
