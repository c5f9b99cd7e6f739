#!/bin/bash
# Makes the files of this folder with the programs that people use. Needs openssl 3, keytool, certtool (GnuTLS),
# certutil and pk12util (NSS). Keys differ each time; names and dates stay. Run it in this folder.
set -euo pipefail
export LC_ALL=C.UTF-8
here=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
password=Example-2026

cat > ca.conf <<'END'
[ca]
default_ca = any
[any]
database = index.txt
new_certs_dir = .
rand_serial = yes
x509_extensions = leaf
default_md = sha256
policy = all
unique_subject = no
email_in_dn = no
[all]
countryName = optional
organizationName = optional
commonName = supplied
[leaf]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature, nonRepudiation
[registry]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature, nonRepudiation
certificatePolicies = critical, 1.2.392.100300.1.3.4
END
: > index.txt

key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key" 2> /dev/null; }
# authority NAME SUBJECT: a self-signed authority
authority() {
    key "$1"
    openssl req -x509 -new -key "$1.key" -out "$1.crt" -subj "$2" -days 10950 -addext keyUsage=critical,keyCertSign,cRLSign
}
# person NAME AUTHORITY EXTENSIONS FIRST LAST: a certificate of that authority
person() {
    [ -e "$1.key" ] || key "$1"
    openssl req -new -key "$1.key" -out "$1.csr" -subj "/C=JP/CN=Example Taro"
    openssl ca -batch -notext -config ca.conf -cert "$2.crt" -keyfile "$2.key" -extensions "$3" \
        -startdate "$4" -enddate "$5" -in "$1.csr" -out "$1.crt" 2> /dev/null
}
# p12 NAME.p12 PERSON [OPTIONS]
p12() {
    local out=$1 who=$2
    shift 2
    openssl pkcs12 -export -inkey "$who.key" -in "$who.crt" -name example -passout "pass:$password" -out "$here/$out" "$@"
}

authority registry "/C=JP/O=Japanese Government/OU=Ministry of Justice/CN=Registrar of Example"
authority trust "/C=JP/O=Example Trust/CN=Example Signing CA"
authority jpki-test "/C=JP/O=JPKI-TEST/OU=JPKI for digital signature/CN=Example Test CA"
authority jpki-auth "/C=JP/O=JPKI/OU=JPKI for user authentication/CN=Example Authentication CA"
begin=20260101000000Z
person taro registry registry $begin 20290331145959Z
person last-year registry registry 20241101000000Z 20261031145959Z
person soon registry registry $begin 20261210145959Z
person early registry registry 20270101000000Z 20290331145959Z
person endless registry registry $begin 99991231235959Z
person other trust leaf $begin 20290331145959Z
person tested jpki-test leaf $begin 20290331145959Z
person login jpki-auth leaf $begin 20290331145959Z

# OpenSSL
p12 openssl.p12 taro -certfile registry.crt
p12 openssl-legacy.p12 taro -certfile registry.crt -legacy
p12 openssl-all-rc2.p12 taro -legacy -keypbe PBE-SHA1-RC2-40 -certpbe PBE-SHA1-RC2-40
p12 openssl-no-checksum.p12 taro -nomac
p12 openssl-open.p12 taro -nomac -keypbe NONE -certpbe NONE
p12 openssl-open-expired.p12 last-year -certpbe NONE
p12 openssl-sha512.p12 taro -macalg sha512
p12 openssl-blake2.p12 taro -macalg blake2s256
p12 openssl-camellia.p12 taro -keypbe camellia-256-cbc -certpbe camellia-256-cbc
p12 openssl-aria.p12 taro -keypbe aria-256-cbc -certpbe aria-256-cbc
p12 openssl-soon.p12 soon
p12 openssl-early.p12 early
p12 openssl-expired.p12 last-year
p12 openssl-endless.p12 endless -certfile registry.crt
p12 openssl-other.p12 other -certfile trust.crt
p12 openssl-test.p12 tested
p12 openssl-login.p12 login
openssl pkcs12 -export -inkey taro.key -in taro.crt -passout pass: -out "$here/openssl-empty-password.p12"
openssl pkcs12 -export -nocerts -inkey taro.key -passout "pass:$password" -out "$here/openssl-key-only.p12"
openssl pkcs12 -export -nokeys -in taro.crt -passout "pass:$password" -out "$here/openssl-no-key.p12"
key self
openssl req -new -key self.key -subj "/C=JP/CN=Example Taro" -out self.csr
openssl ca -batch -notext -selfsign -config ca.conf -keyfile self.key -startdate $begin -enddate 20290331145959Z -in self.csr -out self.crt 2> /dev/null
p12 openssl-self-signed.p12 self
openssl x509 -in taro.crt -outform DER -out "$here/registry.cer"
openssl x509 -in other.crt -out "$here/other.crt"
openssl x509 -in endless.crt -outform DER -out "$here/endless.cer"
cp trust.crt "$here/authority.crt"
cat other.key other.crt trust.crt > "$here/other-with-key.pem"
cat taro.key other.crt > "$here/key-of-another.pem"
openssl pkcs8 -topk8 -in taro.key -outform DER -passout "pass:$password" -out "$here/locked.key"
openssl pkcs8 -topk8 -nocrypt -in taro.key -outform DER -out "$here/open.key"
openssl crl2pkcs7 -nocrl -certfile other.crt -certfile trust.crt -outform DER -out "$here/chain.p7b"
openssl crl2pkcs7 -nocrl -certfile other.crt -certfile trust.crt -out "$here/chain-text.p7b"

# What Windows makes of a text: Notepad's "UTF-16 LE", and `certutil -encode`.
{ printf '\xff\xfe'; sed 's/$/\r/' other.crt | iconv -f ASCII -t UTF-16LE; } > "$here/notepad-utf16.cer"
{
    printf -- '-----BEGIN CERTIFICATE-----\r\n'
    openssl base64 -in "$here/openssl.p12" | sed 's/$/\r/'
    printf -- '-----END CERTIFICATE-----\r\n'
} > "$here/certutil-encoded.p12"

# keytool (Java): a store with last year's and this year's key, and one of trusted certificates alone
store() { keytool -importkeystore -noprompt -srckeystore "$1" -srcstoretype PKCS12 -srcstorepass "$password" \
    -destkeystore "$here/keytool-two-keys.p12" -deststoretype PKCS12 -deststorepass "$password" -srcalias "$2" -destalias "$3" 2> /dev/null; }
store "$here/openssl-expired.p12" example last-year
store "$here/openssl.p12" example this-year
keytool -importcert -noprompt -alias ca -file trust.crt -keystore "$here/keytool-trusted.p12" -storetype PKCS12 -storepass "$password" 2> /dev/null

# NSS (Firefox, Thunderbird)
mkdir nss
certutil -N -d nss --empty-password
pk12util -i "$here/openssl.p12" -d nss -W "$password" > /dev/null
pk12util -o "$here/nss.p12" -d nss -n example -W "$password" > /dev/null
pk12util -o "$here/nss-empty-password.p12" -d nss -n example -W "" > /dev/null

# GnuTLS
gnutls() {
    local out=$1 who=$2
    shift 2
    certtool --to-p12 --outder --p12-name example --load-privkey "$who.key" --load-certificate "$who.crt" --outfile "$here/$out" "$@" 2> /dev/null
}
gnutls gnutls.p12 taro --password "$password"
gnutls gnutls-null-password.p12 taro --null-password
gnutls gnutls-empty-password.p12 taro --empty-password
gnutls gnutls-gost-cipher.p12 taro --password "$password" --pkcs-cipher gost28147-cpa
gnutls gnutls-streebog.p12 taro --password "$password" --hash streebog-256
cp taro.crt mixed.crt
cp self.key mixed.key
gnutls gnutls-key-of-another.p12 mixed --password "$password"
certtool --generate-privkey --key-type gost12-256 --curve CryptoPro-A --outfile gost.key 2> /dev/null
printf 'cn = "Example Taro"\nactivation_date = "2026-01-01 00:00:00 UTC"\nexpiration_date = "2029-03-31 14:59:59 UTC"\n' > gost.cfg
certtool --generate-certificate --load-privkey gost.key --load-ca-certificate registry.crt --load-ca-privkey registry.key \
    --template gost.cfg --outfile gost.crt 2> /dev/null
gnutls gnutls-gost-key.p12 gost --password "$password"
certtool --p7-generate --load-certificate other.crt --outder --outfile "$here/gnutls.p7b" 2> /dev/null
cp gost.crt "$here/gnutls-gost-key.crt"
