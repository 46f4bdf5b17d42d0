package keeper

import (
	"time"

	"hoplab/harness/runtime"
)

// RoleName is the name under which a program that starts keepers has to offer
// [Role] to reexec.Run.
const RoleName = "keeper"

// Config says what a keeper is to be.
type Config struct {
	// Dir is the run's folder; its base is the run's name.
	Dir string `json:"dir"`
	// Cache is the folder of downloads.
	Cache string `json:"cache"`
	// Owner is the process whose end ends the keeper; 0 for none.
	Owner int `json:"owner"`
	// Ports fixes ports, by "component.port".
	Ports map[string]int `json:"ports,omitempty"`
}

// State is what a keeper knows.
type State struct {
	PID        int                        `json:"pid"`
	Runtime    string                     `json:"runtime"`
	Started    time.Time                  `json:"started"`
	Owner      int                        `json:"owner,omitempty"`
	Components map[string]*ComponentState `json:"components"`
}

// ComponentState is what a keeper knows of one component.
type ComponentState struct {
	runtime.State
	Hint  string            `json:"hint,omitempty"`  // what to do about State.Error
	Ports map[string]string `json:"ports,omitempty"` // name to host:port
	Log   string            `json:"log,omitempty"`   // path of its log
}

// endpoint is what the folder says of its keeper.
type endpoint struct {
	PID   int    `json:"pid"`
	Addr  string `json:"addr"`
	Token string `json:"token"`
}

const (
	endpointFile = "keeper.json"
	logFile      = "keeper.log"
	lockFile     = "keeper.lock"
	failedFile   = "failed" // marks a folder whose logs are worth a look
)
