package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// one is for a command that takes one word; what says which.
func one(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return fmt.Errorf("%s needs one name: %s", cmd.CommandPath(), what)
		}
		return nil
	}
}

// wrongFlag says in plain words what pflag says of a flag's value.
func wrongFlag(_ *cobra.Command, err error) error {
	said, _, duration := strings.Cut(err.Error(), ": time: ")
	if !duration {
		return err
	}
	return fmt.Errorf("%s: want a time such as 90s, 5m or 1h", said)
}
