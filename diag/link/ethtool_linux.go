package link

import (
	"encoding/binary"
	"unsafe"

	"golang.org/x/sys/unix"
)

// half is the duplex of a link on which only one side may speak at a time.
const half = "half"

// ETHTOOL_GSET and the bits of its "supported" word (linux/ethtool.h).
const (
	ethtoolGet  = 0x1
	gigabitHalf = 1 << 4
	gigabitFull = 1 << 5
	commandSize = 44 // sizeof(struct ethtool_cmd)
)

// gigabit asks the driver whether the adapter could do 1000 Mbit/s. No
// privilege is needed; a driver that does not answer is taken for slow, since
// a slow adapter at its own speed is healthy.
func gigabit(name string) bool {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return false
	}
	defer unix.Close(fd)
	var command [commandSize]byte
	binary.NativeEndian.PutUint32(command[:], ethtoolGet)
	request := struct {
		name [unix.IFNAMSIZ]byte
		data unsafe.Pointer
		_    [16]byte // the rest of struct ifreq's union
	}{data: unsafe.Pointer(&command)}
	copy(request.name[:unix.IFNAMSIZ-1], name)
	if _, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), unix.SIOCETHTOOL, uintptr(unsafe.Pointer(&request))); errno != 0 {
		return false
	}
	return binary.NativeEndian.Uint32(command[4:])&(gigabitHalf|gigabitFull) != 0
}
