import { Anchor, type AnchorProps, Button, type ButtonProps, Card, type CardProps, NavLink, type NavLinkProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';

type Native<Own> = Own & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof Own> & { ref?: Ref<HTMLAnchorElement> };

// The kit's components as links whose addresses the compiler knows.

export const AnchorLink = createLink((props: Native<AnchorProps>) => <Anchor {...props} />);
export const ButtonLink = createLink((props: Native<ButtonProps>) => <Button component="a" {...props} />);
export const CardLink = createLink((props: Native<CardProps>) => <Card component="a" {...props} />);
export const NavItem = createLink((props: Native<NavLinkProps>) => <NavLink component="a" {...props} />);
