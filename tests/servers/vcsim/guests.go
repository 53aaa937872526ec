// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT

package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path"
	"strings"

	"github.com/vmware/govmomi"
	"github.com/vmware/govmomi/find"
	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// guest is a machine with a pvscsi controller, one disk for each raw file, a vmxnet3 card in slot 192 and
// an empty CD-ROM drive.
type guest struct {
	Name      string   `json:"name"`
	Mac       string   `json:"mac"`
	Disks     []string `json:"disks"` // raw files, which become the flat extents
	Firmware  string   `json:"firmware"`
	Running   bool     `json:"running"`
	Snapshot  bool     `json:"snapshot"`  // the disks have a parent
	Missing   bool     `json:"missing"`   // the flat extents are not there
	Rdm       bool     `json:"rdm"`       // the disks are raw device mappings
	PortGroup string   `json:"portgroup"` // a distributed port group instead of "VM Network"
}

func (g guest) card(ctx context.Context, finder *find.Finder) (types.BaseVirtualDevice, error) {
	name := g.PortGroup
	if name == "" {
		name = "VM Network"
	}
	network, err := finder.Network(ctx, name)
	if err != nil {
		return nil, err
	}
	backing, err := network.EthernetCardBackingInfo(ctx)
	if err != nil {
		return nil, err
	}
	card := &types.VirtualVmxnet3{}
	card.Key = -3
	card.Backing = backing
	card.AddressType = string(types.VirtualEthernetCardMacTypeManual)
	card.MacAddress = g.Mac
	card.SlotInfo = &types.VirtualDevicePciBusSlotInfo{PciSlotNumber: 192}
	return card, nil
}

func (g guest) hardware(store string) (object.VirtualDeviceList, error) {
	var devices object.VirtualDeviceList
	scsi, err := devices.CreateSCSIController("pvscsi")
	if err != nil {
		return nil, err
	}
	devices = append(devices, scsi)
	for i, file := range g.Disks {
		info, err := os.Stat(file)
		if err != nil {
			return nil, err
		}
		name := fmt.Sprintf("[%s] %s/%s.vmdk", store, g.Name, diskName(g.Name, i))
		disk := devices.CreateDisk(scsi.(types.BaseVirtualController), types.ManagedObjectReference{}, name)
		disk.CapacityInBytes = info.Size()
		disk.CapacityInKB = info.Size() / 1024
		devices = append(devices, disk)
	}
	ide, err := devices.CreateIDEController()
	if err != nil {
		return nil, err
	}
	devices = append(devices, ide)
	cdrom, err := devices.CreateCdrom(ide.(*types.VirtualIDEController))
	if err != nil {
		return nil, err
	}
	return append(devices, cdrom), nil
}

func diskName(guest string, index int) string {
	if index == 0 {
		return guest
	}
	return fmt.Sprintf("%s_%d", guest, index)
}

func (g guest) create(address *url.URL) error {
	ctx := context.Background()
	client, err := govmomi.NewClient(ctx, address, true)
	if err != nil {
		return err
	}
	finder := find.NewFinder(client.Client)
	datacenter, err := finder.DefaultDatacenter(ctx)
	if err != nil {
		return err
	}
	finder.SetDatacenter(datacenter)
	store, err := finder.DefaultDatastore(ctx)
	if err != nil {
		return err
	}
	folders, err := datacenter.Folders(ctx)
	if err != nil {
		return err
	}
	pools, err := finder.ResourcePoolList(ctx, "*")
	if err != nil {
		return err
	}
	devices, err := g.hardware(store.Name())
	if err != nil {
		return err
	}
	card, err := g.card(ctx, finder)
	if err != nil {
		return err
	}
	changes, err := append(devices, card).ConfigSpec(types.VirtualDeviceConfigSpecOperationAdd)
	if err != nil {
		return err
	}
	spec := types.VirtualMachineConfigSpec{
		Name: g.Name, GuestId: "debian11_64Guest", NumCPUs: 2, MemoryMB: 1024, Firmware: g.Firmware,
		Files:        &types.VirtualMachineFileInfo{VmPathName: fmt.Sprintf("[%s]", store.Name())},
		DeviceChange: changes,
	}
	task, err := folders.VmFolder.CreateVM(ctx, spec, pools[0], nil)
	if err != nil {
		return err
	}
	made, err := task.WaitForResult(ctx, nil)
	if err != nil {
		return err
	}
	machine := object.NewVirtualMachine(client.Client, made.Result.(types.ManagedObjectReference))
	if err := g.place(ctx, store); err != nil {
		return err
	}
	g.repair(machine)
	if g.Running {
		if task, err = machine.PowerOn(ctx); err == nil {
			err = task.Wait(ctx)
		}
	}
	return err
}

// place puts the flat extents where the datastore has them.
func (g guest) place(ctx context.Context, store *object.Datastore) error {
	var properties mo.Datastore
	if err := store.Properties(ctx, store.Reference(), []string{"info"}, &properties); err != nil {
		return err
	}
	directory := path.Join(properties.Info.GetDatastoreInfo().Url, g.Name)
	for i, file := range g.Disks {
		flat := path.Join(directory, diskName(g.Name, i)+"-flat.vmdk")
		if err := os.Remove(flat); err != nil && !os.IsNotExist(err) {
			return err
		}
		if g.Missing {
			continue
		}
		if err := os.Symlink(file, flat); err != nil {
			return err
		}
	}
	return nil
}

// repair gives the machine what the simulator has no call for.
func (g guest) repair(machine *object.VirtualMachine) {
	vm := simulator.Map.Get(machine.Reference()).(*simulator.VirtualMachine)
	for _, device := range vm.Config.Hardware.Device {
		disk, ok := device.(*types.VirtualDisk)
		if !ok {
			continue
		}
		backing := disk.Backing.(*types.VirtualDiskFlatVer2BackingInfo)
		if g.Snapshot {
			parent := *backing
			backing.FileName = strings.Replace(parent.FileName, ".vmdk", "-000001.vmdk", 1)
			backing.Parent = &parent
		}
		if g.Rdm {
			raw := &types.VirtualDiskRawDiskMappingVer1BackingInfo{}
			raw.FileName = backing.FileName
			disk.Backing = raw
		}
	}
}
