package flink_test

import (
	"testing"

	"hoplab/harness/scenario"
)

func TestMain(m *testing.M) { scenario.Main(m) }
