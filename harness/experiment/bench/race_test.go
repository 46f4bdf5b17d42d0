//go:build race

package bench

// The race detector keeps shadows of all memory, some five to ten times as much
// (go.dev/doc/articles/race_detector, "Runtime Overhead").
func init() { residentLimit *= 8 }
