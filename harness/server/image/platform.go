package image

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/moby/moby/client"

	"hoplab.example/harness/server/component"
)

// Platform returns what the engine runs, such as linux/arm64.
func (e *Engine) Platform(ctx context.Context) (string, error) {
	version, err := e.ServerVersion(ctx, client.ServerVersionOptions{})
	return version.Os + "/" + version.Arch, err
}

// obtainable reports why an image can't be pulled for the engine's platform.
func (e *Engine) obtainable(ctx context.Context, image component.Image) error {
	platform, err := e.Platform(ctx)
	if err != nil {
		return err
	}
	if err := offered(image.Platforms, platform); err != nil {
		return err
	}
	return e.CanPull(ctx, image.Name)
}

// offered reports that an image exists for other platforms only, where they are known.
func offered(platforms []string, platform string) error {
	if len(platforms) == 0 || slices.Contains(platforms, platform) {
		return nil
	}
	return fmt.Errorf("it exists for %s only, and the engine runs %s", strings.Join(platforms, ", "), platform)
}
