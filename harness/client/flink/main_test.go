package flink_test

import (
	"testing"

	"hoplab.example/harness/scenario"
)

func TestMain(m *testing.M) { scenario.Main(m) }
